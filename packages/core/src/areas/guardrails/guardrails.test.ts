import type { Storage } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { recording, type StorageCall } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'
import { trial } from '../../../test/trial-signing.ts'

// Goal: what humans do about limits: stop signing, see what was changed and by whom, try a change before they make it. Method:
// a whole engine, with an area that asks the guardrails as one does that signs.

const ether = 10n ** 18n
const day = 86_400_000
const password = 'Correct-Horse-1815'

async function paying(
  limits: Record<string, unknown> = {},
  options: { readonly storage?: Storage; readonly cacheBytes?: number } = {},
) {
  const world = await testPawl({ areas: [trial], ...options })
  const { id } = await world.agent({ name: 'payer', ...limits })
  const owner = world.pawl.as({ user: world.ownerId })
  const sign = (units: bigint, chain = 'base') => owner.trial.sign({ agent_id: id, units, chain })
  const ref = { agent_id: id }
  return { world, owner, sign, ref, [Symbol.asyncDispose]: () => world.close() }
}

const violated = (rule: string, more = {}) =>
  expect.objectContaining({
    ...{ code: 'guardrail_violated', kind: 'denied' },
    data: { violation: expect.objectContaining({ rule, ...more }) },
  })

describe('a frozen agent', () => {
  it('signs nothing until a human unfreezes it, and everything else goes on', async () => {
    await using one = await paying()
    const { owner, sign, ref } = one
    await sign(1n)
    expect(await owner.guardrails.freeze({ ...ref, reason: 'odd payments' })).toMatchObject({
      ...{ frozen: true, reason: 'odd payments', frozen_by: one.world.ownerId },
    })
    await expect(sign(1n)).rejects.toEqual(violated('frozen', { reason_code: 'frozen' }))
    expect(await owner.agents.get(ref)).toMatchObject({ is_active: true, signing_frozen: true })
    expect(await owner.guardrails.unfreeze(ref)).toEqual({ frozen: false })
    await sign(1n)
    expect(await owner.agents.get(ref)).not.toHaveProperty('signing_frozen')
  })

  it('is frozen also in shadow mode, and without limits', async () => {
    await using one = await paying({ enforcement: 'log', tx_max_value: '0' })
    await one.sign(1n)
    await one.owner.guardrails.freeze(one.ref)
    await expect(one.sign(1n)).rejects.toEqual(violated('frozen'))
  })

  it('signs no more of what was asked for at the same moment than before the freeze', async () => {
    await using one = await paying()
    const answers = await Promise.allSettled([
      ...Array.from({ length: 20 }, () => one.sign(1n)),
      one.owner.guardrails.freeze(one.ref).then(() => ({ id: 'frozen' })),
      ...Array.from({ length: 20 }, () => one.sign(1n)),
    ])
    const { tx_count_today = 0 } = (await one.owner.agents.get(one.ref)) as { tx_count_today?: number }
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(tx_count_today + 1)
    await expect(one.sign(1n)).rejects.toEqual(violated('frozen'))
  })

  it('is unfrozen only with a proof, and never by an agent or a member who does not run it', async () => {
    await using one = await paying()
    await one.world.pawl.setOwnerPassword(password)
    const { access_token } = await one.world.pawl.as({}).auth.token({ email: 'owner@example.com', password })
    const user = one.world.pawl.as(access_token.reveal())
    await user.guardrails.freeze(one.ref)
    await user.guardrails.freezeOrg()
    for (const attempt of [user.guardrails.unfreeze(one.ref), user.guardrails.unfreezeOrg()])
      await expect(attempt).rejects.toMatchObject({ code: 'confirmation_needed' })
    expect(await user.guardrails.unfreezeOrg({ auth_confirm: password })).toEqual({ frozen: false })
    const member = await one.world.member()
    const itself = one.world.pawl.as({ agent: one.ref.agent_id })
    for (const as of [member.as, itself]) {
      const refused = { kind: expect.stringMatching(/denied|not_found/) }
      await expect(as.guardrails.unfreeze(one.ref)).rejects.toMatchObject(refused)
      await expect(as.guardrails.freezeOrg()).rejects.toMatchObject({ kind: 'denied' })
      await expect(as.guardrails.unfreezeOrg()).rejects.toMatchObject({ kind: 'denied' })
    }
  })
})

describe('a frozen organisation', () => {
  it('signs with none of its agents, and other organisations go on', async () => {
    await using one = await paying()
    const { owner } = one
    await owner.guardrails.freezeOrg({ reason: 'a stolen key' })
    await expect(one.sign(1n)).rejects.toEqual(violated('frozen'))
    expect(await owner.guardrails.orgFreeze()).toMatchObject({ frozen: true, reason: 'a stolen key' })
    const other = await one.world.otherOrg()
    const theirs = await other.owner.agents.create({ name: 'theirs' })
    const themselves = one.world.pawl.as({ user: other.ownerId })
    await themselves.trial.sign({ agent_id: theirs.agent.id, units: 1n, chain: 'base' })
    await owner.guardrails.unfreezeOrg()
    await one.sign(1n)
    expect(await owner.guardrails.orgFreeze()).toEqual({ frozen: false })
  })
})

describe('what an agent has used', () => {
  it('is shown with the agent, in the units of its chains, and not before it signs (§4.1)', async () => {
    await using one = await paying({ tx_daily_limit: '5' })
    expect(await one.owner.agents.get(one.ref)).not.toHaveProperty('tx_spent_today')
    await one.sign(ether)
    await one.sign(ether / 2n, 'polygon')
    await one.sign(2_000_000_000n, 'solana')
    const shown = {
      ...{ tx_spent_today: '1.5', tx_spent_today_eth: '1.5', tx_count_today: 3 },
      tx_spent_today_by_chain: { evm: '1.5', solana: '2' },
    }
    expect(await one.owner.agents.get(one.ref)).toMatchObject(shown)
    expect((await one.owner.agents.list()).agents[0]).toMatchObject(shown)
    one.world.clock.advance(day)
    expect(await one.owner.agents.get(one.ref)).not.toHaveProperty('tx_spent_today')
  })

  it('is not what was refused', async () => {
    await using one = await paying({ tx_max_value: '1' })
    await expect(one.sign(2n * ether)).rejects.toEqual(
      violated('tx_max_value', { limit: '1', attempted: '2', reason_code: 'limit_exceeded' }),
    )
    expect(await one.owner.agents.get(one.ref)).not.toHaveProperty('tx_count_today')
  })
})

describe('a decision about the final bytes', () => {
  it('replaces that about the draft: one transaction is counted once', async () => {
    await using one = await paying({ tx_daily_limit: '1.5', tx_max_per_day: 1, tx_recipient_daily_limit: '1' })
    const { id } = await one.sign(ether)
    await one.owner.trial.again({ id, ...one.ref, units: ether, overhead: 7n })
    expect(await one.owner.agents.get(one.ref)).toMatchObject({
      ...{ tx_spent_today: '1', tx_count_today: 1, tx_overhead_today_by_chain: { evm: '0.000000000000000007' } },
    })
    const more = one.owner.trial.again({ id, ...one.ref, units: 2n * ether, overhead: 0n })
    await expect(more).rejects.toEqual(violated('tx_daily_limit', { current: '0', attempted: '2' }))
  })

  it('sees a freeze and a stricter limit that came between', async () => {
    await using one = await paying()
    const { id } = await one.sign(ether)
    const again = () => one.owner.trial.again({ id, ...one.ref, units: ether, overhead: 0n })
    await one.owner.guardrails.freeze(one.ref)
    await expect(again()).rejects.toEqual(violated('frozen'))
    await one.owner.guardrails.unfreeze(one.ref)
    await one.owner.agents.update({ ...one.ref, tx_max_value: '0.5' })
    await expect(again()).rejects.toEqual(violated('tx_max_value'))
  })
})

describe('what was reserved', () => {
  it('comes back once, when the transaction surely never reaches its chain', async () => {
    await using one = await paying({ tx_daily_limit: '1' })
    const { id } = await one.sign(ether)
    await expect(one.sign(1n)).rejects.toEqual(violated('tx_daily_limit'))
    expect(await one.owner.trial.release({ id })).toEqual({ was: 'held' })
    expect(await one.owner.trial.release({ id })).toEqual({ was: 'released' })
    await one.sign(ether)
    await expect(one.sign(1n)).rejects.toEqual(violated('tx_daily_limit'))
  })

  it('for fees becomes what they did cost, and never comes back after that', async () => {
    await using one = await paying({ tx_daily_limit: '1', tx_overhead_budget: { ethereum: '0.5' } })
    const pay = () => one.owner.trial.sign({ ...one.ref, units: ether / 2n, chain: 'base', overhead: ether / 2n })
    const { id } = await pay()
    await expect(pay()).rejects.toEqual(violated('tx_overhead_budget'))
    await one.owner.trial.mined({ id, fees: 0n })
    await one.owner.trial.release({ id })
    await pay()
    await expect(one.sign(1n)).rejects.toEqual(violated('tx_daily_limit'))
  })
})

describe('an explanation', () => {
  it('has the verdict of every rule and what is left of every budget, and takes nothing', async () => {
    const limits = { tx_max_value: '2', tx_daily_limit: '1.5', tx_max_per_day: 3, tx_daily_limit_usd: '9000' }
    const budget = { per_chain_guardrails: { ethereum: { overhead_budget: '0.1', max_ata_creates_per_day: 4 } } }
    const world = await testPawl({ areas: [trial], usdPrices: { ETH: '3000' } })
    await using _ = world
    const { id: agent_id } = await world.agent({ name: 'payer', ...limits, ...budget })
    const owner = world.pawl.as({ user: world.ownerId })
    await owner.trial.sign({ agent_id, units: ether, chain: 'base' })
    const resets_at = '2026-01-02T00:00:00.000Z'
    const explained = await owner.trial.explain({ agent_id, units: ether })
    expect(explained).toMatchObject({
      outcome: 'refused',
      violation: { rule: 'tx_daily_limit', limit: '1.5', current: '1', attempted: '1', reason_code: 'limit_exceeded' },
    })
    expect(explained.verdicts.map(({ rule, allowed }) => [rule, allowed])).toEqual([
      ...[['tx_max_value', true] as const, ['tx_daily_limit', false] as const, ['tx_daily_limit_usd', true] as const],
      ...[['tx_max_per_day', true] as const, ['tx_overhead_budget', true] as const],
    ])
    expect(explained.budgets).toEqual([
      { rule: 'tx_daily_limit', within: 'evm', limit: '1.5', used: '1', left: '0.5' },
      { rule: 'tx_max_per_day', within: '', limit: 3, used: 1, left: 2, resets_at },
      { rule: 'tx_overhead_budget', within: 'evm', limit: '0.1', used: '0', left: '0.1', resets_at },
      { rule: 'max_ata_creates_per_day', within: '', limit: 4, used: 0, left: 4, resets_at },
      { rule: 'tx_daily_limit_usd', within: '', limit: '9000', used: '3000', left: '6000' },
    ])
    expect(await owner.trial.explain({ agent_id, units: ether / 2n })).toMatchObject({
      outcome: 'allowed',
      violation: null,
    })
    expect(await owner.agents.get({ agent_id })).toMatchObject({ tx_count_today: 1 })
  })
})

describe('POST /v1/agents/{id}/transactions/explain', () => {
  it('explains a real request, before anything is asked of a node', async () => {
    await using world = await testPawl()
    const limits = { tx_max_value: '1', tx_to_allowlist: ['0x000000000000000000000000000000000000dEaD'] }
    const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true, ...limits })
    await world.owner.signers.create({ agent_id, chain: 'ethereum' })
    const pay = { agent_id, chain: 'base', to: '0x000000000000000000000000000000000000dEaD', value: '0.5' }
    expect(await as.intents.explain(pay)).toMatchObject({ outcome: 'allowed', violation: null })
    expect(await as.intents.explain({ ...pay, value: '2' })).toMatchObject({
      ...{ outcome: 'refused', violation: { rule: 'tx_max_value', limit: '1', attempted: '2' } },
    })
    const data = `0xa9059cbb${'0'.repeat(24)}${'b0b'.padEnd(40, '0')}${'1'.padStart(64, '0')}`
    expect(await as.intents.explain({ ...pay, value: '0', data })).toMatchObject({
      violation: { rule: 'tx_to_allowlist' },
    })
    expect(await as.intents.explain({ ...pay, value: '0', data: '0x12345678' })).toMatchObject({
      violation: { rule: 'tx_unchecked_calls', reason_code: 'not_listed' },
    })
  })
})

describe('limits that are only logged', () => {
  it('leave an event for each signature that they would have refused', async () => {
    await using one = await paying({ enforcement: 'log', tx_max_value: '1' })
    await one.sign(2n * ether)
    await one.sign(1n)
    const { events } = await one.owner.audit.events({ action: 'guardrail.log' })
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ resource_id: one.ref.agent_id, details: { rule: 'tx_max_value', chain: 'base' } })
  })
})

describe('a revision', () => {
  it('says who changed which limit, and when', async () => {
    await using one = await paying({ tx_max_value: '1' })
    one.world.clock.advance(1_000)
    const admin = await one.world.member({ role: 'admin' })
    await admin.as.agents.update({ ...one.ref, tx_max_value: '0.5', tx_allowed_chains: ['base'] })
    await one.owner.agents.update({ ...one.ref, name: 'another name' })
    const { revisions } = await one.owner.guardrails.revisions(one.ref)
    expect(revisions).toEqual([
      {
        ...{ id: expect.any(String), number: 2, changed_at: '2026-01-01T00:00:01.000Z', changed_by: admin.id },
        changes: {
          tx_max_value: { before: '1', after: '0.5' },
          tx_allowed_chains: { before: null, after: ['base'] },
        },
      },
      {
        ...{ id: expect.any(String), number: 1, changed_at: '2026-01-01T00:00:00.000Z' },
        ...{ changed_by: one.world.ownerId, changes: { tx_max_value: { before: null, after: '1' } } },
      },
    ])
  })
})

describe('an organisation that wants two persons', () => {
  async function careful(limits: Record<string, unknown> = { tx_max_value: '1' }) {
    const one = await paying(limits)
    await one.owner.orgs.changeSetting({ key: 'wider_limits', value: 'two_persons' })
    const admin = await one.world.member({ role: 'admin' })
    const widen = async (change: Record<string, unknown> = { tx_max_value: '2' }) => {
      const error = await one.owner.agents.update({ ...one.ref, ...change }).catch((refused: unknown) => refused)
      return (error as { data: { approval_request_id: string } }).data.approval_request_id
    }
    return { ...one, admin, widen, [Symbol.asyncDispose]: () => one.world.close() }
  }

  it('lets one person make limits stricter', async () => {
    await using one = await careful()
    await one.owner.agents.update({ ...one.ref, tx_max_value: '0.5', tx_allowed_chains: ['base'] })
    expect(await one.owner.agents.get(one.ref)).toMatchObject({ tx_max_value: '0.5' })
  })

  it('changes nothing until another person approves what allows more', async () => {
    await using one = await careful()
    const attempt = one.owner.agents.update({ ...one.ref, tx_max_value: '2', name: 'renamed' })
    await expect(attempt).rejects.toMatchObject({
      ...{ code: 'approval_required', kind: 'denied', data: { approval_request_id: expect.any(String) } },
    })
    expect(await one.owner.agents.get(one.ref)).toMatchObject({ tx_max_value: '1', name: 'payer' })
    const [approval] = (await one.owner.approvals.list()).approvals
    expect(approval).toMatchObject({
      ...{ action: 'policy_change', target_id: one.ref.agent_id, risk_tier: 2, status: 'pending' },
      payload: { tx_max_value: { before: '1', after: '2' } },
    })
    const ref = { approval_id: approval?.id ?? '' }
    await expect(one.owner.approvals.approve(ref)).rejects.toMatchObject({ code: 'own_request' })
    expect(await one.admin.as.approvals.approve(ref)).not.toHaveProperty('failure')
    expect(await one.owner.agents.get(one.ref)).toMatchObject({ tx_max_value: '2' })
    const { revisions } = await one.owner.guardrails.revisions(one.ref)
    expect(revisions[0]).toMatchObject({ changed_by: one.world.ownerId, approved_by: one.admin.id })
  })

  it('applies no approval to limits that have changed since', async () => {
    await using one = await careful()
    const approval_id = await one.widen()
    await one.owner.agents.update({ ...one.ref, tx_max_value: '0.1' })
    expect(await one.admin.as.approvals.approve({ approval_id })).toMatchObject({
      failure: expect.stringContaining('have changed'),
    })
    expect(await one.owner.agents.get(one.ref)).toMatchObject({ tx_max_value: '0.1' })
  })

  it('is asked also about shadow mode, switches and a longer list', async () => {
    await using one = await careful({ tx_to_allowlist: ['0xabc'] })
    for (const change of [{ enforcement: 'log' }, { raw_signing_enabled: true }, { tx_to_allowlist: [] }])
      expect(await one.widen(change)).toEqual(expect.any(String))
  })

  it('moves no agent out of the limits of its environment', async () => {
    await using one = await careful({ environment: 'prod', per_environment_guardrails: { prod: { max_value: '1' } } })
    const attempt = one.owner.agents.update({ ...one.ref, environment: 'test' })
    await expect(attempt).rejects.toMatchObject({ code: 'environment_needs_second_person' })
    expect(await one.owner.agents.get(one.ref)).toMatchObject({ environment: 'prod' })
  })
})

describe('a replay', () => {
  it('says what other limits would have refused and let through, each with the budgets that were left', async () => {
    await using one = await paying({ tx_max_value: '3' })
    for (const units of [ether, 2n * ether, ether, 5n * ether]) await one.sign(units).catch(() => {})
    const tried = await one.owner.guardrails.replay({
      ...one.ref,
      guardrails: { tx_daily_limit: '3', tx_max_value: null },
    })
    expect(tried).toMatchObject({ decisions: 4, would_refuse: 1, would_allow: 0, since: '2026-01-01T00:00:00.000Z' })
    expect(tried.refused).toEqual([
      {
        ...{ decided_at: '2026-01-01T00:00:00.000Z', chain: 'base', type: 'transaction', outcome: 'signed' },
        ...{ rule: 'tx_daily_limit', reason: 'The agent may move at most 3 ETH in 24 hours.' },
      },
    ])
    const wide = await one.owner.guardrails.replay({ ...one.ref, guardrails: { tx_max_value: null } })
    expect(wide).toMatchObject({
      would_refuse: 0,
      would_allow: 1,
      allowed: [{ outcome: 'refused', rule: 'tx_max_value' }],
    })
  })

  it('with the limits of now finds nothing that would be otherwise', async () => {
    await using one = await paying({ tx_daily_limit: '3', tx_max_per_day: 2, tx_new_recipients: 'allow' })
    for (const units of [ether, 3n * ether, 2n * ether, 1n]) await one.sign(units).catch(() => {})
    const same = await one.owner.guardrails.replay({ ...one.ref, guardrails: {} })
    expect(same).toMatchObject({ decisions: 4, would_refuse: 0, would_allow: 0 })
  })

  it('changes nothing, and takes only limits', async () => {
    await using one = await paying({ tx_max_value: '3' })
    await one.owner.guardrails.replay({ ...one.ref, guardrails: { tx_max_value: '1' } })
    expect(await one.owner.agents.get(one.ref)).toMatchObject({ tx_max_value: '3' })
    for (const guardrails of [{ name: 'x' }, { tx_max_value: 'much' }])
      await expect(one.owner.guardrails.replay({ ...one.ref, guardrails })).rejects.toMatchObject({
        code: 'invalid_input',
      })
  })

  it('has the newest 1,000 decisions, and no more are kept', async () => {
    await using one = await paying()
    for (let at = 0; at < 1_003; at++) await one.sign(BigInt(at + 1))
    const { decisions } = await one.owner.guardrails.replay({ ...one.ref, guardrails: {} })
    expect([decisions, one.world.storedKinds().decision]).toEqual([1_000, 1_000])
  })

  it('costs one read of the storage for 20 decisions, when memory does not hold the oldest ones', async () => {
    const storage = recording(memoryStorage())
    await using one = await paying({}, { storage, cacheBytes: 256 * 1024 })
    for (let at = 0; at < 1_000; at++) await one.sign(1n)
    const start = storage.calls.length
    for (let at = 0; at < 100; at++) await one.sign(1n)
    const isRead = (call: StorageCall) => call.method === 'get' && call.refs.some(({ kind }) => kind === 'decision')
    expect(storage.calls.slice(start).filter(isRead)).toHaveLength(5)
  })
})

describe('records of limits', () => {
  it('go with their agent', async () => {
    await using one = await paying({ tx_max_value: '3' })
    await one.sign(1n)
    await one.owner.agents.delete(one.ref)
    const left = one.world.storedKinds()
    for (const kind of ['ledger', 'recipient', 'decision', 'revision']) expect(left[kind] ?? 0, kind).toBe(0)
  })
})
