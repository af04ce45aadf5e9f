import { testPawl } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinAreas } from '../../engine/join-areas.ts'
import {
  brokenSettings,
  changedSettings as changedOf,
  type StoredSettings,
  settingsOf,
} from '../../operations/index.ts'

// Goal: a setting is taken exactly as its type says, is given back as it came, and nothing that was not named changes.
// Method: a whole engine in memory for what callers see, and fast-check for changes in any order.

type Fields = Readonly<Record<string, unknown>>

const { agentSettings } = joinAreas([])
const named = (isWanted: (setting: (typeof agentSettings)[string]) => boolean) =>
  Object.fromEntries(Object.entries(agentSettings).filter(([, setting]) => setting && isWanted(setting)))
const switches = named(({ isClearable }) => !isClearable)
const values = named(({ isClearable, isFixed }) => isClearable && !isFixed)
const changedSettings = (before: Fields, given: Fields) => changedOf(agentSettings, before as StoredSettings, given)

/** One valid value for each setting. A new setting without a line here fails. */
const good: Fields = {
  shroud_enabled: true,
  tx_known_tokens_only: true,
  tx_require_simulation: true,
  execution_intents_enabled: true,
  intents_require_tee: true,
  execution_require_tee: true,
  cards_enabled: true,
  card_reveal_enabled: true,
  card_require_approval: false,
  environment_locked: true,
  link_shares_enabled: true,
  env_auto_resolve: true,
  federation_enabled: true,
  message_signing_enabled: true,
  raw_signing_enabled: true,
  tx_to_allowlist: ['0x000000000000000000000000000000000000dEaD'],
  tx_allowed_chains: ['base', 'ethereum'],
  tx_token_allowlist: ['0xabc'],
  xrpl_allowed_tx_types: ['Payment'],
  solana_ata_allowlist: ['9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin'],
  tx_max_value: '0.000000000000000001',
  tx_daily_limit: '115792089237316195423570985008687907853269984665640564039457584007913129639935',
  tx_max_per_day: 0,
  tx_overhead_budget: { solana: '0.5', xrp: '100' },
  per_chain_guardrails: {
    ethereum: { max_value: '1', daily_limit: null, to_allowlist: ['0xabc'], max_per_day: 3 },
    solana: { max_ata_creates_per_day: 1, overhead_budget: '0.1', token_allowlist: [], max_value_eth: '2' },
  },
  per_environment_guardrails: { production: { max_value: '0.1', daily_limit: '1' } },
  shroud_config: { pii_policy: 'redact', unknown: { nested: [1, null, 'x'] }, injection_threshold: 0.7 },
  execution_guardrails: { allowed_hosts: ['api.example.com'] },
  card_max_order_usd: '25.00',
  card_daily_limit_usd: '100',
  card_payto_allowlist: ['0xabc'],
  federation_audiences: ['https://api.example.com'],
  federated_token_ttl_seconds: 900,
  eip712_domain_allowlist: [{ verifying_contract: '0xabc' }, '0xdef'],
  eip712_default_policy: 'allow',
  tx_recipient_daily_limit: '5',
  tx_new_recipients: 'approve',
  tx_max_value_usd: '100',
  tx_daily_limit_usd: '1000.50',
  tx_approval_above: '0.5',
  tx_unlimited_approvals_enabled: true,
  tx_user_operations_enabled: true,
  tx_delegate_allowlist: ['0xabc'],
  tx_unchecked_calls: ['0xabc:0x12345678'],
  enforcement: 'log',
  signing_chains: ['ethereum'],
}

const invalid = (field: string) =>
  expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(field) })

describe('settings', () => {
  it('are given back as they came, when an agent is made and when it is changed (§8.2, §8.4, App. B)', async () => {
    await using world = await testPawl()
    expect(Object.keys(good).sort()).toEqual(Object.keys({ ...switches, ...values }).sort())
    const { agent } = await world.owner.agents.create(Object.assign({ name: 'ci' }, good))
    expect(agent).toMatchObject(good)
    const { id } = await world.agent()
    expect(await world.owner.agents.update(Object.assign({ agent_id: id }, good))).toMatchObject(good)
    expect(await world.owner.agents.get({ agent_id: id })).toMatchObject(good)
  })

  it('show both names of the two oldest limits (§8.2)', async () => {
    await using world = await testPawl()
    const { agent } = await world.owner.agents.create({ name: 'ci', tx_max_value: '0.5', tx_daily_limit: '2' })
    expect(agent).toMatchObject({ tx_max_value_eth: '0.5', tx_daily_limit_eth: '2' })
  })

  it('that are at their default are not shown (§1.3)', async () => {
    await using world = await testPawl()
    const bare = (await world.owner.agents.create({ name: 'ci' })).agent
    const { id } = await world.agent()
    const change = (fields: Fields) => world.owner.agents.update(Object.assign({ agent_id: id }, fields))
    await change(good)
    const nulls = Object.fromEntries(Object.keys(values).map((name) => [name, null]))
    const off = Object.fromEntries(Object.keys(switches).map((name) => [name, name === 'card_require_approval']))
    const { ssh_public_key, ecdh_public_key } = await world.owner.agents.get({ agent_id: id })
    const wanted = { ...bare, id, name: 'agent', ssh_public_key, ecdh_public_key }
    expect(await change({ ...nulls, ...off })).toEqual(wanted)
    await change(good)
    const empty = Object.keys(good).filter((name) => Array.isArray(good[name]))
    const changed: Fields = { ...(await change(Object.fromEntries(empty.map((name) => [name, []])))) }
    for (const name of empty) expect(changed[name], name).toBeUndefined()
  })

  const amounts = [
    '',
    ' 1',
    '1 ',
    '-1',
    '+1',
    '1e-19',
    '1E5',
    '0x10',
    '01',
    '.5',
    '5.',
    '1,5',
    '٣',
    'NaN',
    'Infinity',
    1,
    0.5,
    [],
    {},
  ]
  const lists = ['x', [''], [1], [null], ['a\nb'], {}, Array.from({ length: 1_001 }, () => 'x')]
  const numbers = [-1, 1.5, 2 ** 31, '3', Number.NaN, true, [1]]
  const flags = ['true', 1, 0, null, []]
  const bad: Readonly<Record<string, readonly unknown[]>> = {
    ...Object.fromEntries(Object.keys(switches).map((name) => [name, flags])),
    tx_max_value: amounts,
    tx_daily_limit: amounts,
    card_max_order_usd: amounts,
    card_daily_limit_usd: amounts,
    tx_to_allowlist: lists,
    tx_allowed_chains: lists,
    tx_token_allowlist: lists,
    xrpl_allowed_tx_types: lists,
    solana_ata_allowlist: lists,
    card_payto_allowlist: lists,
    federation_audiences: [...lists, ['no uri'], ['/path']],
    tx_max_per_day: numbers,
    federated_token_ttl_seconds: [...numbers, 59, 3_601],
    token_ttl_seconds: [...numbers, 59],
    tx_overhead_budget: [[], 'x', { solana: 1 }, { solana: '-1' }, { 'a b': '1' }],
    per_chain_guardrails: [
      [],
      'x',
      { base: '1' },
      { base: { max_value: 1 } },
      { base: { max_valeu: '1' } },
      { 'Base!': {} },
      { base: { to_allowlist: 'x' } },
      { base: { max_per_day: -1 } },
    ],
    per_environment_guardrails: [{ production: { max_value: '1e1' } }, { P: {} }],
    shroud_config: [
      'x',
      [],
      1,
      { big: 'x'.repeat(70_000) },
      { pii_policy: 'nope' },
      { injection_threshold: 9 },
      { daily_budget_usd: -1 },
      { network_detection: { action: 'shrug' } },
    ],
    execution_guardrails: ['x', [], { allowed_host: ['api.example.com'] }, { max_requests_per_minute: 0 }],
    eip712_domain_allowlist: ['x', [1], [null]],
    eip712_default_policy: ['block it', '', true],
    name: ['', '   ', 'a\u0000b', 'x'.repeat(256), 7],
    description: ['x'.repeat(4_097), 7],
    scopes: ['db/**', ['../x'], ['{a,b}'], ['/db'], [''], ['a b'], Array.from({ length: 101 }, () => 'db')],
    vault_ids: ['x', ['x'], [`${'A'.repeat(8)}-0000-4000-8000-000000000000`]],
    environment: ['P', 'a', '-ab', 'x'.repeat(31), 'a_b', 7],
    intents_api_enabled: ['true', 1],
    expires_at: ['tomorrow', '2027-02-30T00:00:00Z', 1_800_000_000, '2027-01-01'],
    api_key_expires_at: ['never', 0],
  }

  it('of the wrong type are refused by name, and what was sent is not repeated (§8.2, I10, F5)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    const before = await world.owner.agents.get({ agent_id: id })
    for (const [field, tries] of Object.entries(bad)) {
      for (const value of tries) {
        const shown = JSON.stringify(value)?.slice(0, 40)
        const change = world.owner.agents.update(Object.assign({ agent_id: id }, { [field]: value }))
        await expect(change, `update ${field} ${shown}`).rejects.toEqual(invalid(field))
        if (value === null) continue
        const make = world.owner.agents.create(Object.assign({ name: 'ci' }, { [field]: value }))
        await expect(make, `create ${field} ${shown}`).rejects.toEqual(invalid(field))
      }
    }
    const error = await world.owner.agents.update({ agent_id: id, tx_max_value: '-31337' }).catch((error) => error)
    expect(error.message).not.toContain('31337')
    expect(await world.owner.agents.get({ agent_id: id })).toEqual(before)
    expect((await world.owner.agents.list()).agents).toHaveLength(1)
  })

  it('take globs and labels as scopes, as they are used (§3.13)', async () => {
    await using world = await testPawl()
    const scopes = ['**', '*', 'db/*', 'db/**', 'db/password', 'vaults:read', 'secrets:*']
    const { agent } = await world.owner.agents.create({ name: 'ci', scopes })
    expect(agent.scopes).toEqual(scopes)
  })
})

describe('a stored setting that makes no sense', () => {
  it('counts as the value that restricts the agent most, and is found by its name', () => {
    const broken = Object.fromEntries(Object.keys(agentSettings).map((name) => [name, { nonsense: 'of old' }]))
    const stored = { ...broken, tx_overhead_budget: 7, shroud_config: 7 }
    const held = settingsOf(agentSettings, stored as StoredSettings)
    for (const [name, { strictest }] of Object.entries(agentSettings)) expect(held[name], name).toEqual(strictest)
    expect(brokenSettings(agentSettings, stored as StoredSettings).sort()).toEqual(Object.keys(agentSettings).sort())
  })

  it('is none of those that a caller can give', () => {
    expect(brokenSettings(agentSettings, good as StoredSettings)).toEqual([])
    expect(settingsOf(agentSettings, good as StoredSettings)).toMatchObject(good)
  })
})

describe('changes', () => {
  const pool = { ...good, intents_api_enabled: true, name: 'renamed', description: 'about', token_ttl_seconds: 300 }
  const extra: Fields = { ...pool, scopes: ['db/**'], expires_at: '2027-01-01T00:00:00.000Z', is_active: false }
  const subset = fc.subarray(Object.keys(extra))

  it('touch only what they name (G10)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    let known: Fields = { ...(await world.owner.agents.get({ agent_id: id })) }
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(subset, fc.boolean(), async (names, clear) => {
        const settable = names.filter((name) => !clear || name in values)
        const change = Object.fromEntries(settable.map((name) => [name, clear ? null : extra[name]]))
        const after: Fields = { ...(await world.owner.agents.update(Object.assign({ agent_id: id }, change))) }
        const aliases = { tx_max_value_eth: 'tx_max_value', tx_daily_limit_eth: 'tx_daily_limit' } as const
        for (const name of Object.keys(after)) {
          const named = name in aliases ? aliases[name as keyof typeof aliases] : name
          if (!settable.includes(named)) expect(after[name], name).toEqual(known[name])
          else expect(after[name], name).toEqual(clear ? undefined : extra[named])
          seen.add(name)
        }
        known = after
      }),
      { numRuns: 60 },
    )
    expect(seen.has('per_chain_guardrails') && seen.has('tx_max_value_eth')).toBe(true)
  })

  it('changedSettings(changedSettings(s, a), a) = changedSettings(s, a), and what is left out stays', () => {
    const some = fc
      .subarray(Object.keys(good))
      .map((names) => Object.fromEntries(names.map((name) => [name, good[name]])))
    fc.assert(
      fc.property(some, some, (before, wanted) => {
        const once = changedSettings(before, wanted)
        expect(changedSettings(once, wanted)).toEqual(once)
        expect(changedSettings(before, {})).toEqual(before)
        expect(once).toEqual({ ...before, ...wanted })
        const cleared = Object.fromEntries(Object.keys(once).map((name) => [name, null]))
        expect(changedSettings(once, cleared)).toEqual({})
      }),
    )
  })
})
