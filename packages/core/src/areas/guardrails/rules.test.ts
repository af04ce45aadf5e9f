import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { alice, bob, chainNamed, ether, type FactsWanted, factsWith, payment, usdc } from '../../../test/guardrails.ts'
import { type Approval, type Call, type Effects, effectsOf } from '../../families/index.ts'
import { day } from '../../kernel/time.ts'
import type { StoredSettings } from '../../operations/index.ts'
import { decideFrom } from './decide.ts'
import { emptyLedger, withTaken } from './ledger.ts'
import { rules } from './rules/index.ts'
import { widenedSettings } from './widening.ts'

// Goal: what each rule refuses, and that no limit ever allows more. Method: rules decide from facts alone, so each test makes
// the facts, and random limits are compared with stricter ones.

const noon = Date.UTC(2026, 0, 1, 12)
const safe = '0x5afe000000000000000000000000000000000003'
const unlimited = { spender: bob, token: usdc, amount: null }
const tokenCall = { to: usdc, selector: '0xa9059cbb', function: 'transfer(address,uint256)' }
const tokenTransfer = { native: 0n, transfers: [{ to: bob, token: usdc, amount: 5_000_000n }], calls: [tokenCall] }
const unknownCall = { native: 0n, calls: [{ to: safe, selector: '0x12345678', function: null }] }
const entryPoint = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'
const userOperation: Call = { to: entryPoint, selector: '0x765e827f', function: 'handleOps((address),address)' }
const moved = (units: bigint, at = noon - 1_000, place = 'evm/base') =>
  withTaken(emptyLedger('agent'), at, { place, moved: String(units), usd: '0', overhead: '0', tokenAccounts: 0 })
const spentFees = (units: bigint) =>
  withTaken(emptyLedger('agent'), noon, {
    ...{ place: 'evm/base', moved: '0', usd: '0', overhead: String(units), tokenAccounts: 2 },
  })
const known = new Map([[alice, { id: 'r', agentId: 'agent', firstAt: 0, moved: [] }]])
const paid = new Map([[alice, { id: 'r', agentId: 'agent', firstAt: 0, moved: [[noon - 1, String(ether)] as const] }]])
const registry = new Map([[usdc, { symbol: 'USDC', decimals: 6 }]])
const permit = (primaryType: string) =>
  ({ type: 'typed_data', typedData: { domain: { verifyingContract: usdc, chainId: 8453n }, primaryType } }) as const
const onXrp = (ledgerType: string) => ({ chain: chainNamed.xrp, effects: { native: 1n, ledgerType } })
const onSolana = (wallet: string) => ({ chain: chainNamed.solana, effects: { native: 0n, newTokenAccounts: [wallet] } })

const spendPolicy = { within: 'evm', setting: 'spend_policy' }
const withWindow = (at: number) =>
  withTaken({ ...emptyLedger('user'), window: [] }, at, {
    ...{ place: 'evm/base', moved: '0', usd: '0', overhead: '0', tokenAccounts: 0 },
  })

type Case = readonly [rule: string, code: string, settings: StoredSettings, refuses: FactsWanted, allows: FactsWanted]

const cases: readonly Case[] = [
  [
    'frozen',
    'frozen',
    {},
    { ledger: { ...emptyLedger('agent'), frozen: { at: 1, by: 'u', reason: '' } } },
    { orgFrozen: null },
  ],
  ['frozen', 'frozen', {}, { orgFrozen: { at: 1, by: 'u', reason: '' } }, {}],
  ['message_signing_enabled', 'not_enabled', {}, { signs: { type: 'personal_sign' } }, {}],
  [
    'message_signing_enabled',
    'not_enabled',
    { message_signing_enabled: true, tx_max_value: '5' },
    { signs: { type: 'personal_sign', isHash: true } },
    { signs: { type: 'personal_sign', isHash: false } },
  ],
  ['raw_signing_enabled', 'not_enabled', { message_signing_enabled: true }, { signs: { type: 'digest' } }, {}],
  ['eip712_domain_allowlist', 'not_listed', {}, { signs: permit('Mail') }, {}],
  [
    'eip712_domain_allowlist',
    'not_listed',
    { eip712_default_policy: 'allow' },
    { signs: permit('PermitSingle') },
    { signs: permit('Mail') },
  ],
  ...[
    'MetaTransaction',
    'ForwardRequest',
    'HyperliquidTransaction:Withdraw',
    'SafeTx',
    'Order',
    'TransferWithAuthorization',
    'SafeMessage',
    'CoinbaseSmartWalletMessage',
    'PersonalSign',
    'Kernel',
    'Agent',
    'Batch',
  ].map(
    (type): Case => [
      'eip712_domain_allowlist',
      'not_listed',
      { eip712_default_policy: 'allow' },
      { signs: permit(type) },
      { signs: permit('Mail') },
    ],
  ),
  [
    'eip712_domain_allowlist',
    'not_listed',
    { eip712_domain_allowlist: [{ verifying_contract: usdc, chain_id: 1 }] },
    { signs: permit('Permit') },
    {},
  ],
  ['tx_allowed_chains', 'not_listed', { tx_allowed_chains: ['base'] }, { chain: chainNamed.ethereum }, {}],
  ['readable', 'unreadable', { tx_max_value: '5' }, { effects: { opaque: 'creates a contract' } }, {}],
  [
    'readable',
    'unreadable',
    { tx_max_value: '5' },
    { effects: { transfers: [{ to: alice, token: null, amount: null }] } },
    {},
  ],
  ['tx_unchecked_calls', 'not_listed', { tx_daily_limit: '5' }, { effects: unknownCall }, {}],
  [
    'tx_user_operations_enabled',
    'not_enabled',
    { tx_daily_limit: '5' },
    { effects: { native: 0n, calls: [userOperation] } },
    {},
  ],
  ['tx_delegate_allowlist', 'not_listed', { tx_max_value: '5' }, { effects: { delegates: [safe] } }, {}],
  ['xrpl_allowed_tx_types', 'not_listed', {}, onXrp('SetRegularKey'), onXrp('Payment')],
  [
    'xrpl_allowed_tx_types',
    'not_listed',
    { xrpl_allowed_tx_types: ['Payment'] },
    onXrp('OfferCreate'),
    onXrp('Payment'),
  ],
  [
    'tx_unlimited_approvals_enabled',
    'unlimited',
    { tx_max_value: '5' },
    { effects: { native: 0n, approvals: [unlimited] } },
    { effects: { native: 0n, approvals: [{ ...unlimited, amount: 5n }] } },
  ],
  ['tx_to_allowlist', 'not_listed', { tx_to_allowlist: [bob] }, {}, { effects: tokenTransfer }],
  [
    ...(['tx_to_allowlist', 'not_listed', { tx_to_allowlist: [usdc] }, { effects: tokenTransfer }] as const),
    { effects: { native: 0n, transfers: [{ to: usdc, token: null, amount: 0n }] } },
  ],
  [
    'tx_to_allowlist',
    'not_listed',
    { tx_to_allowlist: [alice, bob], per_chain_guardrails: { ethereum: { to_allowlist: [bob] } } },
    {},
    { effects: tokenTransfer },
  ],
  ['tx_new_recipients', 'not_listed', { tx_new_recipients: 'deny' }, {}, { recipients: known }],
  ['tx_token_allowlist', 'not_listed', { tx_token_allowlist: [safe] }, { effects: tokenTransfer }, {}],
  [
    'tx_known_tokens_only',
    'not_listed',
    { tx_known_tokens_only: true },
    { effects: tokenTransfer },
    { effects: tokenTransfer, tokens: registry },
  ],
  ['solana_ata_allowlist', 'not_listed', { solana_ata_allowlist: ['Wallet1'] }, onSolana('Other'), onSolana('Wallet1')],
  ['tx_max_value', 'limit_exceeded', { tx_max_value: '0.999999999999999999' }, {}, { effects: { native: ether - 1n } }],
  [
    'tx_max_value',
    'limit_exceeded',
    { per_chain_guardrails: { ethereum: { max_value: '0.5' } } },
    {},
    {
      chain: chainNamed.solana,
    },
  ],
  [
    'tx_max_value',
    'limit_exceeded',
    { tx_max_value: '2', per_environment_guardrails: { staging: { max_value: '0.5' } } },
    { environment: 'staging' },
    { environment: 'production' },
  ],
  [
    'tx_max_value_usd',
    'limit_exceeded',
    { tx_max_value_usd: '2999' },
    { usdPrices: { ETH: '3000' } },
    {
      usdPrices: { ETH: '2999' },
    },
  ],
  ['tx_max_value_usd', 'no_price', { tx_max_value_usd: '2999' }, {}, { usdPrices: { ETH: '1' } }],
  [
    'tx_max_value_usd',
    'no_price',
    { tx_max_value_usd: '10' },
    { effects: tokenTransfer, usdPrices: { USDC: '1' } },
    { effects: tokenTransfer, usdPrices: { USDC: '1' }, tokens: registry },
  ],
  [
    'tx_daily_limit',
    'limit_exceeded',
    { tx_daily_limit: '1.5' },
    { ledger: moved(ether) },
    { ledger: moved(ether / 2n) },
  ],
  [
    'tx_daily_limit',
    'limit_exceeded',
    { tx_daily_limit: '1.5' },
    { ledger: moved(ether, noon - 1, 'evm/polygon') },
    { ledger: moved(ether, noon - 86_400_000) },
  ],
  [
    'tx_daily_limit',
    'limit_exceeded',
    { per_chain_guardrails: { base: { daily_limit: '1.5' } } },
    { ledger: moved(ether) },
    { ledger: moved(ether, noon - 1, 'evm/polygon') },
  ],
  [
    'tx_daily_limit_usd',
    'limit_exceeded',
    { tx_daily_limit_usd: '4000' },
    { usdPrices: { ETH: '3000' }, ledger: { ...emptyLedger('agent'), usd: [[noon - 1, '1000000001']] } },
    { usdPrices: { ETH: '3000' } },
  ],
  ['tx_recipient_daily_limit', 'limit_exceeded', { tx_recipient_daily_limit: '1' }, { recipients: paid }, {}],
  [
    'tx_max_per_day',
    'limit_exceeded',
    { tx_max_per_day: 1 },
    { ledger: moved(0n) },
    { ledger: moved(0n, noon - 86_400_000) },
  ],
  [
    'tx_max_per_day',
    'limit_exceeded',
    { per_chain_guardrails: { ethereum: { max_per_day: 1 } } },
    { ledger: moved(0n) },
    { ledger: moved(0n, noon, 'solana/solana') },
  ],
  [
    'tx_overhead_budget',
    'limit_exceeded',
    { tx_overhead_budget: { ethereum: '0.5' } },
    { ledger: spentFees(ether / 2n), effects: { overhead: 1n } },
    { ledger: spentFees(ether / 2n), effects: { overhead: 0n } },
  ],
  [
    'max_ata_creates_per_day',
    'limit_exceeded',
    { per_chain_guardrails: { solana: { max_ata_creates_per_day: 2 } } },
    { ...onSolana('Wallet1'), ledger: spentFees(0n) },
    onSolana('Wallet1'),
  ],
  ['intents_require_tee', 'not_supported', { intents_require_tee: true }, {}, {}],
  // Only spend policies set these, as layers of their own.
  [
    'to_denylist',
    'not_listed',
    {},
    { layers: [{ ...spendPolicy, toDenylist: [alice.toLowerCase()], toAllowlist: [alice] }] },
    { layers: [{ ...spendPolicy, toDenylist: [usdc] }] },
  ],
  [
    'max_transactions_per_day',
    'limit_exceeded',
    {},
    { layers: [{ ...spendPolicy, maxIn24Hours: 1 }], ledger: withWindow(noon - day + 1) },
    { layers: [{ ...spendPolicy, maxIn24Hours: 1 }], ledger: withWindow(noon - day) },
  ],
]

describe('a rule', () => {
  it.each(cases)('%s refuses with %s (%j)', (rule, reason_code, settings, refuses, allows) => {
    const { outcome, violation } = decideFrom(factsWith(settings, refuses))
    expect(violation).toMatchObject({ rule, reason_code, allowed: false })
    expect(outcome).toBe('refused')
    const otherwise = decideFrom(factsWith(settings, allows))
    if (rule !== 'intents_require_tee') expect(otherwise.violation).toBeNull()
  })

  it('is listed once, and each one refuses something here', () => {
    const names = rules.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const refusing = new Set([...cases.map(([name]) => name), 'tx_approval_above'])
    expect([...refusing].sort()).toEqual([...names].sort())
  })

  it('says its limit, what was used of it and what was asked for, as decimal text', () => {
    const { violation } = decideFrom(factsWith({ tx_daily_limit: '1.5' }, { ledger: moved(ether) }))
    expect(violation).toEqual({
      ...{ rule: 'tx_daily_limit', allowed: false, reason_code: 'limit_exceeded' },
      ...{ limit: '1.5', current: '1', attempted: '1', reason: 'The agent may move at most 1.5 ETH in 24 hours.' },
    })
  })

  it('has a verdict for each limit that was checked, also when all allow', () => {
    const { verdicts, outcome } = decideFrom(
      factsWith({ tx_max_value: '2', tx_max_per_day: 3, tx_to_allowlist: [alice] }),
    )
    expect(outcome).toBe('allowed')
    expect(verdicts.map(({ rule }) => rule)).toEqual(['tx_to_allowlist', 'tx_max_value', 'tx_max_per_day'])
  })
})

describe('an agent without limits', () => {
  it('signs what the server cannot read, as the contract has it: absent limits limit nothing', () => {
    const effects: Partial<Effects> = { opaque: 'unknown bytes', delegates: [safe], approvals: [unlimited] }
    expect(decideFrom(factsWith({}, { effects })).outcome).toBe('allowed')
  })
})

describe('an agent with limits (I11)', () => {
  it.each([
    ['an unlimited approval', { native: 0n, approvals: [unlimited] }],
    ['a delegate of EIP-7702', { native: 0n, delegates: [safe] }],
    ['an unknown selector', unknownCall],
    ['an operation of ERC-4337', { native: 0n, calls: [userOperation] }],
    ['bytes that nobody can read', { native: 0n, opaque: 'delegatecall' }],
  ])('refuses %s, although it moves nothing itself', (_, effects) => {
    const limited: readonly StoredSettings[] = [
      { tx_max_value: '1' },
      { tx_daily_limit: '1' },
      { tx_token_allowlist: [usdc] },
      { tx_recipient_daily_limit: '1' },
      { per_environment_guardrails: { prod: { max_value: '1' } } },
    ]
    for (const settings of limited)
      expect(decideFrom(factsWith(settings, { effects, environment: 'prod' })).outcome).toBe('refused')
  })

  it('refuses a listed permit that gives an unlimited right, or one to a stranger', () => {
    const limits = { eip712_domain_allowlist: [usdc], tx_to_allowlist: [bob], tx_token_allowlist: [usdc] }
    const ruleFor = (approval: Approval) => {
      const effects = effectsOf({ native: 0n, overhead: 0n, approvals: [approval] })
      return decideFrom(factsWith(limits, { signs: { ...permit('Permit'), effects } })).violation?.rule
    }
    expect(ruleFor(unlimited)).toBe('tx_unlimited_approvals_enabled')
    expect(ruleFor({ ...unlimited, spender: safe, amount: 5n })).toBe('tx_to_allowlist')
    expect(ruleFor({ ...unlimited, amount: 5n })).toBeUndefined()
  })

  it('may do what a human listed', () => {
    const settings = {
      tx_max_value: '1',
      tx_unchecked_calls: [`${safe.toUpperCase().replace('0X', '0x')}:0x12345678`],
      tx_delegate_allowlist: [safe],
      tx_unlimited_approvals_enabled: true,
    }
    const effects = { ...unknownCall, delegates: [safe], approvals: [unlimited] }
    expect(decideFrom(factsWith(settings, { effects })).outcome).toBe('allowed')
  })
})

describe('settings that make no sense', () => {
  it.each(['per_chain_guardrails', 'per_environment_guardrails', 'tx_max_value', 'tx_daily_limit', 'tx_to_allowlist'])(
    'in %s let nothing through',
    (name) => expect(decideFrom(factsWith({ [name]: 12 })).outcome).toBe('refused'),
  )

  it('in tx_overhead_budget let no fee through', () => {
    expect(decideFrom(factsWith({ tx_overhead_budget: 12 }, { effects: { overhead: 1n } })).outcome).toBe('refused')
  })
})

describe('a type of transaction (I15)', () => {
  it('that is not listed is refused, and so is one that is unknown', () => {
    const listed = { xrpl_allowed_tx_types: ['Payment'] }
    for (const ledgerType of ['OfferCreate', 'AccountDelete', 'payment', null])
      expect(
        decideFrom(factsWith(listed, { chain: chainNamed.xrp, effects: { native: 1n, ledgerType } })).outcome,
      ).toBe('refused')
  })
})

describe('a threshold', () => {
  it('asks a human for more, and no more once a human has approved', () => {
    const settings = { tx_approval_above: '0.5' }
    expect(decideFrom(factsWith(settings)).outcome).toBe('needs_approval')
    expect(decideFrom(factsWith(settings, { isApproved: true })).outcome).toBe('allowed')
    expect(decideFrom(factsWith({ tx_new_recipients: 'approve' })).outcome).toBe('needs_approval')
  })

  it('never asks for what a limit refuses, approved or not', () => {
    const settings = { tx_approval_above: '0.5', tx_max_value: '0.9' }
    for (const isApproved of [true, false])
      expect(decideFrom(factsWith(settings, { isApproved })).violation?.rule).toBe('tx_max_value')
  })
})

describe('limits that are only logged', () => {
  it('refuse nothing, and say what they would have refused', () => {
    const { outcome, violation } = decideFrom(
      factsWith({ enforcement: 'log', tx_max_value: '0.5', tx_approval_above: '0' }),
    )
    expect(outcome).toBe('logged')
    expect(violation?.rule).toBe('tx_max_value')
  })

  it('lift no switch (I7): a frozen agent signs nothing, and messages and raw digests stay off', () => {
    const frozen = { ledger: { ...emptyLedger('agent'), frozen: { at: 1, by: 'u', reason: '' } } }
    expect(decideFrom(factsWith({ enforcement: 'log' }, frozen)).outcome).toBe('refused')
    for (const type of ['personal_sign', 'digest'] as const)
      expect(decideFrom(factsWith({ enforcement: 'log' }, { signs: { type } })).outcome).toBe('refused')
  })
})

const money = fc.constantFrom('0', '0.5', '1', '1.5', '3')
const list = (...entries: string[]) => fc.subarray(entries)
const group = fc.record(
  {
    ...{ max_value: money, daily_limit: money, overhead_budget: money, max_per_day: fc.nat({ max: 2 }) },
    ...{
      to_allowlist: list(alice, bob),
      token_allowlist: list(usdc, safe),
      max_ata_creates_per_day: fc.nat({ max: 2 }),
    },
  },
  { requiredKeys: [] },
)

/** Any limits, each there or not. */
const limits: fc.Arbitrary<StoredSettings> = fc.record(
  {
    tx_to_allowlist: list(alice, bob, safe),
    tx_allowed_chains: list('base', 'solana', 'xrp'),
    tx_token_allowlist: list(usdc, safe),
    xrpl_allowed_tx_types: list('Payment', 'SetRegularKey', 'OfferCreate'),
    solana_ata_allowlist: list('Wallet1', 'Wallet2'),
    tx_known_tokens_only: fc.boolean(),
    tx_max_value: money,
    tx_daily_limit: money,
    tx_max_per_day: fc.nat({ max: 2 }),
    tx_overhead_budget: fc.dictionary(fc.constantFrom('ethereum', 'base', 'solana'), money),
    per_chain_guardrails: fc.dictionary(fc.constantFrom('ethereum', 'base', 'solana', 'xrp'), group),
    per_environment_guardrails: fc.dictionary(fc.constantFrom('prod', 'staging'), group),
    tx_recipient_daily_limit: money,
    tx_new_recipients: fc.constantFrom('deny', 'approve', 'allow'),
    tx_max_value_usd: money,
    tx_daily_limit_usd: money,
    tx_approval_above: money,
    tx_unlimited_approvals_enabled: fc.boolean(),
    tx_user_operations_enabled: fc.boolean(),
    tx_delegate_allowlist: list(safe, bob),
    tx_unchecked_calls: list(`${safe}:0x12345678`),
    message_signing_enabled: fc.boolean(),
    raw_signing_enabled: fc.boolean(),
    eip712_default_policy: fc.constantFrom('deny', 'allow'),
    eip712_domain_allowlist: list(usdc, safe),
    intents_require_tee: fc.constant(false),
    enforcement: fc.constantFrom('enforce', 'log'),
  },
  { requiredKeys: [] },
)

const someEffects: fc.Arbitrary<Partial<Effects>> = fc.record({
  native: fc.constantFrom(0n, 1n, ether / 2n, ether, 2n * ether),
  overhead: fc.constantFrom(0n, ether / 2n, ether),
  transfers: fc.subarray([
    { to: alice, token: null, amount: ether },
    { to: bob, token: usdc, amount: 1_500_000n },
    { to: bob, token: null, amount: 1n },
  ]),
  approvals: fc.subarray([unlimited, { ...unlimited, amount: 5n }]),
  calls: fc.subarray([tokenCall, unknownCall.calls[0] as Call, userOperation]),
  delegates: fc.subarray([safe]),
  newTokenAccounts: fc.subarray(['Wallet1', 'Wallet3']),
  ledgerType: fc.constantFrom(null, 'Payment', 'SetRegularKey'),
  opaque: fc.constantFrom(null, null, null, 'unknown bytes'),
})

const someFacts: fc.Arbitrary<FactsWanted> = fc.record({
  chain: fc.constantFrom(...Object.values(chainNamed)),
  environment: fc.constantFrom('prod', 'staging', 'none'),
  signs: fc.oneof(
    { weight: 8, arbitrary: someEffects.map(payment) },
    fc.constantFrom(permit('Mail'), permit('Permit'), { type: 'personal_sign' as const }, { type: 'digest' as const }),
  ),
  ledger: fc.constantFrom(emptyLedger('agent'), moved(ether), moved(ether, noon, 'solana/solana'), spentFees(ether)),
  recipients: fc.constantFrom(new Map(), known, paid),
  tokens: fc.constantFrom(new Map(), registry),
  usdPrices: fc.constantFrom<Record<string, string>>({}, { ETH: '1', USDC: '1', SOL: '0.1', XRP: '1' }),
  isApproved: fc.boolean(),
})

/** The changes that widen nothing. */
function stricter(before: StoredSettings, changes: StoredSettings): StoredSettings {
  const widened = new Set(widenedSettings(before, { ...before, ...changes }))
  const kept = Object.entries(changes).filter(([name]) => !widened.has(name))
  return { ...before, ...Object.fromEntries(kept) }
}

const freedom = { refused: 0, needs_approval: 1, logged: 2, allowed: 2 }

describe('limits', () => {
  it('never allow more when they are made stricter: what widens nothing allows nothing new', () => {
    const property = fc.property(limits, limits, someFacts, (before, changes, wanted) => {
      const after = stricter(before, changes)
      const [was, is] = [before, after].map((one) => freedom[decideFrom(factsWith(one, wanted)).outcome])
      expect(is).toBeLessThanOrEqual(was as number)
    })
    fc.assert(property, { numRuns: tries(2_000, 4) })
  })

  it.each([
    ['a higher amount', { tx_max_value: '1' }, { tx_max_value: '1.1' }, ['tx_max_value']],
    ['a limit that is gone', { tx_daily_limit: '1' }, {}, ['tx_daily_limit']],
    ['a longer list', { tx_to_allowlist: [alice] }, { tx_to_allowlist: [alice, bob] }, ['tx_to_allowlist']],
    ['a list that is empty', { tx_to_allowlist: [alice] }, { tx_to_allowlist: [] }, ['tx_to_allowlist']],
    ['limits that are only logged', {}, { enforcement: 'log' }, ['enforcement']],
    ['a group that is gone', { per_chain_guardrails: { base: { max_value: '1' } } }, {}, ['per_chain_guardrails']],
    ['a lower amount', { tx_max_value: '1' }, { tx_max_value: '0.9' }, []],
    ['a shorter list', { tx_to_allowlist: [alice, bob] }, { tx_to_allowlist: [alice.replace('a', 'A')] }, []],
    ['a first limit', {}, { tx_max_value: '5', tx_to_allowlist: [alice] }, []],
  ] as const)('%s widens what it should', (_, before, after, widened) => {
    expect(widenedSettings(before as StoredSettings, after as StoredSettings)).toEqual(widened)
  })
})
