import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { trial } from '../../../test/trial-signing.ts'

// Goal: a human decides about exactly what was asked, once, and with the proof that its risk needs. Method: a whole engine in
// memory, with agents that ask and people who decide.

const day = 86_400_000
const wanted = { action: 'invoice.pay', target_type: 'invoice', target_id: '17', summary: { amount: '120 EUR' } }
const password = 'Correct-Horse-1815'

async function asked(world: World, more: Partial<Parameters<World['owner']['approvals']['request']>[0]> = {}) {
  const shop = await world.agent({ name: 'shop' })
  const approval = await shop.as.approvals.request({ ...wanted, ...more })
  return { shop, approval, ref: { approval_id: approval.id } }
}

/** A user who signs in, so that a proof is needed: callers inside the process are trusted. */
async function signedIn({ pawl }: World) {
  await pawl.setOwnerPassword(password)
  const { access_token } = await pawl.as({}).auth.token({ email: 'owner@example.com', password })
  return pawl.as(access_token.reveal())
}

describe('an approval', () => {
  it('is asked for by an agent, and decided by the human who runs it (§12.1)', async () => {
    await using world = await testPawl()
    const { shop, approval, ref } = await asked(world, { reason: 'It is due.' })
    expect(approval).toEqual({
      ...{ id: expect.any(String), org_id: world.org, user_id: world.ownerId, agent_id: shop.id, ...wanted },
      ...{ risk_tier: 1, status: 'pending', reason: 'It is due.', decision_reason: null, decided_by: null },
      ...{ decided_at: null, created_at: '2026-01-01T00:00:00.000Z', expires_at: '2026-01-02T00:00:00.000Z' },
    })
    const decided = await world.owner.approvals.decide({ ...ref, decision: 'approved', reason: 'I know it.' })
    expect(decided).toMatchObject({ status: 'approved', decided_by: world.ownerId, decision_reason: 'I know it.' })
    expect(await shop.as.approvals.get(ref)).toEqual(decided)
  })

  it.each([
    ['approve', 'approved'],
    ['approved', 'approved'],
    ['reject', 'rejected'],
    ['rejected', 'rejected'],
    ['deny', 'rejected'],
    ['denied', 'rejected'],
  ] as const)('takes the decision %s, and shows %s', async (decision, status) => {
    await using world = await testPawl()
    const { ref } = await asked(world)
    expect(await world.owner.approvals.decide({ ...ref, decision })).toMatchObject({ status })
    const filter = status === 'rejected' ? 'denied' : status
    expect((await world.owner.approvals.list({ status: filter })).approvals).toHaveLength(1)
    expect((await world.owner.approvals.list({ status: 'pending' })).approvals).toEqual([])
  })

  it.each([
    ['an object', { amount: 1 }, { amount: 1 }],
    ['JSON in a string', '{"amount":1}', { amount: 1 }],
    ['plain text', 'Pay 1 EUR', { text: 'Pay 1 EUR' }],
    ['JSON that is no object', '[1]', { text: '[1]' }],
  ])('has a summary that may be %s', async (_, summary, shown) => {
    await using world = await testPawl()
    expect((await asked(world, { summary: summary as never })).approval.summary).toEqual(shown)
  })

  it('is decided once: of many decisions at once, one counts', async () => {
    await using world = await testPawl()
    const { ref } = await asked(world)
    const decide = (decision: 'approve' | 'deny') => world.owner.approvals.decide({ ...ref, decision })
    const answers = await Promise.allSettled([decide('approve'), decide('deny'), decide('approve'), decide('deny')])
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(decide('deny')).rejects.toMatchObject({ code: 'approval_decided', kind: 'conflict' })
  })

  it('expires, and then nobody decides about it', async () => {
    await using world = await testPawl()
    const { ref, shop } = await asked(world)
    world.clock.advance(day)
    expect(await shop.as.approvals.get(ref)).toMatchObject({ status: 'expired' })
    expect((await world.owner.approvals.list({ status: 'expired' })).approvals).toHaveLength(1)
    await expect(world.owner.approvals.approve(ref)).rejects.toMatchObject({ code: 'approval_decided' })
  })

  it('is shown to those who decide and to the agent that asked, and to nobody else (D11)', async () => {
    await using world = await testPawl()
    const { ref } = await asked(world)
    const member = await world.member()
    const other = await world.otherOrg()
    const another = await world.agent({ name: 'another' })
    for (const as of [member.as, other.owner, another.as])
      await expect(as.approvals.get(ref)).rejects.toMatchObject({ kind: 'not_found' })
    for (const as of [member.as, other.owner]) {
      await expect(as.approvals.approve(ref)).rejects.toMatchObject({ kind: 'not_found' })
      expect((await as.approvals.list()).approvals).toEqual([])
    }
    const own = await member.as.agents.create({ name: 'own' })
    const mine = await world.pawl.as({ agent: own.agent.id }).approvals.request(wanted)
    expect((await member.as.approvals.list()).approvals.map(({ id }) => id)).toEqual([mine.id])
    expect((await world.owner.approvals.list()).approvals).toHaveLength(2)
  })

  it('is found in parts, newest first', async () => {
    await using world = await testPawl({ rateLimits: false })
    const { shop, approval: oldest } = await asked(world)
    const made = [oldest.id]
    for (let at = 0; at < 3; at++) {
      world.clock.advance(1)
      made.unshift((await shop.as.approvals.request({ ...wanted, target_id: `${at}` })).id)
    }
    const found: string[] = []
    let cursor: string | undefined
    do {
      const part = await world.owner.approvals.list({ limit: 3, cursor })
      found.push(...part.approvals.map(({ id }) => id))
      cursor = part.next_cursor
    } while (cursor !== undefined)
    expect(found).toEqual(made)
    expect((await world.owner.approvals.list({ limit: 2, offset: 1 })).approvals.map(({ id }) => id)).toEqual(
      made.slice(1, 3),
    )
    expect(await world.owner.approvals.list({ limit: 4 })).not.toHaveProperty('next_cursor')
    const wrong = world.owner.approvals.list({ cursor: 'abc' })
    await expect(wrong).rejects.toMatchObject({ data: { fields: { cursor: expect.any(String) } } })
  })

  it('is never decided by an agent, also not by the one that asked', async () => {
    await using world = await testPawl()
    const { ref, shop } = await asked(world)
    await expect(shop.as.approvals.approve(ref)).rejects.toMatchObject({
      kind: expect.stringMatching(/denied|not_found/),
    })
    await expect(world.owner.approvals.request(wanted)).rejects.toMatchObject({ kind: 'denied' })
  })

  it('that waits is one of at most 100 of an agent', async () => {
    await using world = await testPawl()
    const { shop, ref } = await asked(world)
    for (let at = 1; at < 100; at++) await shop.as.approvals.request(wanted)
    await expect(shop.as.approvals.request(wanted)).rejects.toMatchObject({ code: 'resource_limit_exceeded' })
    await world.owner.approvals.deny(ref)
    await shop.as.approvals.request(wanted)
  })

  it('goes with its agent', async () => {
    await using world = await testPawl()
    const { shop } = await asked(world)
    await world.owner.agents.delete({ agent_id: shop.id })
    expect((await world.owner.approvals.list()).approvals).toEqual([])
  })
})

describe('a risk tier', () => {
  it('follows from the action: an agent can raise it, and never lower it', async () => {
    await using world = await testPawl()
    expect((await asked(world, { action: 'policy_change', risk_tier: 1 })).approval.risk_tier).toBe(2)
    expect((await asked(world, { risk_tier: 2 })).approval.risk_tier).toBe(2)
    expect((await asked(world, { risk_tier: 5 })).approval.risk_tier).toBe(3)
  })

  it('of 2 needs a proof to approve, and none to reject', async () => {
    await using world = await testPawl()
    const user = await signedIn(world)
    const { ref } = await asked(world, { risk_tier: 2 })
    await expect(user.approvals.approve(ref)).rejects.toMatchObject({ code: 'confirmation_needed' })
    await expect(user.approvals.decide({ ...ref, decision: 'approve' })).rejects.toMatchObject({
      code: 'confirmation_needed',
    })
    await expect(user.approvals.approve({ ...ref, auth_confirm: 'wrong' })).rejects.toMatchObject({
      code: 'confirmation_wrong',
    })
    expect(await user.approvals.approve({ ...ref, auth_confirm: password })).toMatchObject({ status: 'approved' })
    const second = await asked(world, { risk_tier: 2 })
    expect(await user.approvals.deny(second.ref)).toMatchObject({ status: 'rejected' })
  })

  it('of 3 needs a second factor: a password is not enough', async () => {
    await using world = await testPawl()
    const user = await signedIn(world)
    const { ref } = await asked(world, { risk_tier: 3 })
    await expect(user.approvals.approve({ ...ref, auth_confirm: password })).rejects.toMatchObject({
      code: 'second_factor_needed',
    })
    expect(await user.approvals.get(ref)).toMatchObject({ status: 'pending' })
  })

  it('of 1 needs nothing, as the first clients send nothing', async () => {
    await using world = await testPawl()
    const user = await signedIn(world)
    const { ref } = await asked(world)
    expect(await user.approvals.decide({ ...ref, decision: 'approved' })).toMatchObject({ status: 'approved' })
  })
})

describe('a link', () => {
  async function linked(world: World) {
    const one = await asked(world)
    await world.pawl.runJobs()
    const { text = '' } = world.mail.sent.at(-1) ?? {}
    const [, token = ''] = /token=([\w-]+)/.exec(text) ?? []
    const quick = (decision: 'approved' | 'rejected', given = token) =>
      world.pawl.as({}).approvals.quickDecide({ token: given, decision })
    return { ...one, text, token, quick }
  }

  it('in a mail decides without a sign-in, once', async () => {
    await using world = await testPawl()
    const { quick, ref, approval } = await linked(world)
    expect(await quick('approved')).toEqual({ id: approval.id, status: 'approved' })
    expect(await world.owner.approvals.get(ref)).toMatchObject({ status: 'approved', decided_by: world.ownerId })
    await expect(quick('rejected')).rejects.toMatchObject({ code: 'approval_link_invalid' })
    const { events } = await world.owner.audit.events({ action: 'approval.decide_by_link' })
    expect(events.map(({ resource_id, details }) => [resource_id, details])).toEqual([
      [approval.id, { status: 'approved' }],
    ])
  })

  it('ends with a decision on another way, with the request, and with the setting', async () => {
    await using world = await testPawl()
    const one = await linked(world)
    await world.owner.approvals.deny(one.ref)
    await expect(one.quick('approved')).rejects.toMatchObject({ kind: 'not_found' })
    const two = await linked(world)
    await world.owner.orgs.changeSetting({ key: 'approval_links', value: 'off' })
    await expect(two.quick('approved')).rejects.toMatchObject({ kind: 'not_found' })
    expect((await linked(world)).token).toBe('')
    await world.owner.orgs.changeSetting({ key: 'approval_links', value: 'on' })
    world.clock.advance(day)
    await expect(two.quick('approved')).rejects.toMatchObject({ kind: 'not_found' })
  })

  it('is in no mail about a request that needs a proof', async () => {
    await using world = await testPawl()
    const { approval } = await asked(world, { risk_tier: 2 })
    await world.pawl.runJobs()
    expect(world.mail.sent.at(-1)?.text).toContain(`/v1/approvals/${approval.id}`)
    expect(world.mail.sent.at(-1)?.text).not.toContain('token=')
  })
})

describe('an approval to sign', () => {
  const bytes = (text: string) => text.padEnd(64, '0')

  async function signing() {
    const world = await testPawl({ areas: [trial] })
    const { id } = await world.agent({ name: 'payer' })
    const ask = (payload_hash: string) => world.owner.trial.ask({ agent_id: id, payload_hash })
    const use = (approval_id: string, payload_hash: string, agent_id = id) =>
      world.owner.trial.use({ approval_id, agent_id, payload_hash })
    const approve = (approval_id: string) => world.pawl.as({ user: world.ownerId }).approvals.approve({ approval_id })
    return { world, ask, use, approve }
  }

  it('is for exactly these bytes, and is used once (I9)', async () => {
    const { world, ask, use, approve } = await signing()
    await using _ = world
    const { id } = await ask(bytes('nonce 7'))
    expect(await use(id, bytes('nonce 7'))).toEqual({ used: false })
    await approve(id)
    expect(await use(id, bytes('nonce 8'))).toEqual({ used: false })
    expect(await use(id, bytes('nonce 7'), (await world.agent()).id)).toEqual({ used: false })
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(id, bytes('nonce 7'))))
    expect(answers.filter(({ used }) => used)).toHaveLength(1)
    expect(await use(id, bytes('nonce 7'))).toEqual({ used: false })
  })

  it('is carried out in the commit of the decision, and says why it could not be', async () => {
    const { world, ask, approve } = await signing()
    await using _ = world
    const { id } = await ask(bytes('good'))
    expect(await approve(id)).toMatchObject({ status: 'approved', payload: { bytes: bytes('good') } })
    expect(await world.owner.trial.carried()).toEqual({ carried: [id] })
    const { id: bad } = await ask(bytes('bad'))
    const decided = await approve(bad)
    expect(decided).toMatchObject({ status: 'approved', failure: 'A human must approve.' })
  })

  it('that was asked for by name carries out nothing: the agent wrote it', async () => {
    const { world } = await signing()
    await using _ = world
    const { ref } = await asked(world, { action: 'transaction.sign' })
    expect(await world.owner.approvals.approve(ref)).toMatchObject({ status: 'approved' })
    expect(await world.owner.trial.carried()).toEqual({ carried: [] })
  })
})
