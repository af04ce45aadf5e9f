import * as z from 'zod'
import type { Json } from '../../kernel/json.ts'
import { isOfKind } from '../policies/index.ts'

// The `consensus_trigger` of a policy, as the contract describes it (web3.md 13.2). A policy stores any object, so the engine
// parses the trigger when it needs it. An unreadable trigger stops the signature.

const digits = z.string().regex(/^[0-9]{1,78}$/)
const texts = z.array(z.string()).max(1_000)

const Condition = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('value_above'),
      threshold_wei: digits.optional(),
      threshold_gwei: z.int().min(0).optional(),
    })
    .refine(({ threshold_wei, threshold_gwei }) => threshold_wei !== undefined || threshold_gwei !== undefined),
  z.strictObject({ type: z.literal('chain_in'), chains: texts }),
  z.strictObject({ type: z.literal('to_address_in'), addresses: texts }),
  z.strictObject({ type: z.literal('function_selector_in'), selectors: texts }),
  z.strictObject({ type: z.literal('erc20_amount_above'), threshold_raw: digits }),
  z.strictObject({ type: z.literal('intent_type_in'), intent_types: texts }),
  z.strictObject({ type: z.literal('always') }),
  z.strictObject({ type: z.literal('action_in'), actions: texts }),
  z.strictObject({ type: z.literal('action_kind_in'), action_kinds: texts }),
])

/** All of its members must hold. `value_above` is in gwei here, unlike in conditions. */
const ConditionSet = z
  .strictObject({
    value_above: digits.optional(),
    chain_in: texts.optional(),
    to_address_in: texts.optional(),
    function_selector_in: texts.optional(),
    erc20_amount_above: digits.optional(),
    intent_type_in: texts.optional(),
    always: z.boolean().optional(),
    action_in: texts.optional(),
    action_kind_in: texts.optional(),
  })
  .refine((set) => Object.keys(set).length > 0)

const Trigger = z.strictObject({
  conditions: z.array(Condition).min(1).max(100),
  approval: z.strictObject({
    min_approvals: z.int().min(1).max(100),
    required_roles: z.array(z.enum(['owner', 'admin', 'member'])).optional(),
    per_role_minimums: z.partialRecord(z.enum(['owner', 'admin', 'member']), z.int().min(0).max(100)).optional(),
    require_credential_types: z.array(z.enum(['password', 'passkey', 'totp', 'biometric', 'api_key'])).optional(),
  }),
  expiry_secs: z.int().min(60).max(2_592_000).default(86_400),
  self_approval_allowed: z.boolean().default(false),
  skip_when: z.array(ConditionSet).max(100).default([]),
  require_when: z.array(ConditionSet).max(100).default([]),
  deep_inspect: z.boolean().default(false),
})

export type Trigger = z.output<typeof Trigger>

/** The trigger of a policy, under which people must agree first. */
export interface Rule {
  readonly policyId: string
  readonly trigger: Trigger
}

/** Null: it is none that this server can read. */
export function readTrigger(stored: Json): Trigger | null {
  const read = Trigger.safeParse(stored)
  return read.success ? read.data : null
}

/** What people are asked about: a signature, or a change of the organisation. */
export type Subject = Signature | Change

/** A change of the organisation, such as `policy.create`. */
export interface Change {
  readonly change: string
}

/** What is signed, as conditions ask about it. */
export interface Signature {
  /** Name and number of the chain. */
  readonly chains: readonly string[]
  readonly intentType: string
  readonly value: bigint
  /** Addresses and selectors of the transaction itself, and of the calls within it. In lowercase where case means nothing. */
  readonly outer: { readonly to: readonly string[]; readonly selectors: readonly string[] }
  readonly inner: { readonly to: readonly string[]; readonly selectors: readonly string[] }
  /** Amounts of tokens that move, or that others may move. Null: the bytes do not say how much. */
  readonly tokenAmounts: readonly (bigint | null)[]
  /** Whether some of the bytes cannot be decoded. Then they could do everything that a condition asks about. */
  readonly isOpaque: boolean
  /** Whether it is no transaction, but can move money: a digest, or typed data such as a Permit. Then it could do that on any chain. */
  readonly isBlind: boolean
}

const gwei = 10n ** 9n

/** Whether people must agree first. Only a trigger with a condition about actions is about changes of the organisation. */
export function needsConsensus(trigger: Trigger, subject: Subject): boolean {
  const { require_when: only, skip_when: except, conditions } = trigger
  // What cannot be decoded needs people, and nothing exempts it.
  const require = { isDeep: trigger.deep_inspect, ifOpaque: true }
  const exempt = { isDeep: trigger.deep_inspect, ifOpaque: false }
  if ('change' in subject && !conditions.some(isAboutActions)) return false
  if (only.length > 0 && !only.some((set) => setHolds(set, subject, require))) return false
  if (except.some((set) => setHolds(set, subject, exempt))) return false
  return conditions.every((one) => holds(one, subject, require))
}

type Condition = z.output<typeof Condition>

function isAboutActions({ type }: Condition): boolean {
  return type === 'action_in' || type === 'action_kind_in'
}

/** How to look at a signature: into inner calls, and what holds of bytes that cannot be decoded. */
interface Look {
  readonly isDeep: boolean
  readonly ifOpaque: boolean
}

function holds(one: Condition, subject: Subject, look: Look): boolean {
  return 'change' in subject ? holdsFor(one, subject) : holdsForSignature(one, subject, look)
}

function holdsFor(one: Condition, { change }: Change): boolean {
  switch (one.type) {
    case 'always':
      return true
    case 'action_in':
      return one.actions.includes(change)
    case 'action_kind_in':
      return one.action_kinds.some((kind) => isOfKind(change, kind))
    default:
      return false
  }
}

function holdsForSignature(one: Condition, subject: Signature, { isDeep, ifOpaque }: Look): boolean {
  const { isOpaque, isBlind } = subject
  if (isBlind && one.type !== 'intent_type_in' && one.type !== 'always') return ifOpaque && !isAboutActions(one)
  const targets = isDeep ? [subject.outer, subject.inner] : [subject.outer]
  switch (one.type) {
    case 'value_above':
      if (isOpaque) return ifOpaque
      return (
        subject.value >
        (one.threshold_wei === undefined ? BigInt(one.threshold_gwei ?? 0) * gwei : BigInt(one.threshold_wei))
      )
    case 'chain_in':
      return one.chains.some((chain) => subject.chains.includes(chain))
    case 'to_address_in':
      return isDeep && isOpaque
        ? ifOpaque
        : meets(
            one.addresses,
            targets.flatMap(({ to }) => to),
          )
    case 'function_selector_in':
      return isDeep && isOpaque
        ? ifOpaque
        : meets(
            one.selectors,
            targets.flatMap(({ selectors }) => selectors),
          )
    case 'erc20_amount_above':
      if (isOpaque) return ifOpaque
      return subject.tokenAmounts.some((amount) => (amount === null ? ifOpaque : amount > BigInt(one.threshold_raw)))
    case 'intent_type_in':
      return one.intent_types.includes(subject.intentType)
    case 'always':
      return true
    default:
      // A signature is no change of the organisation.
      return false
  }
}

function setHolds(set: z.output<typeof ConditionSet>, subject: Subject, look: Look): boolean {
  if (set.always) return true
  const all: (Condition | null)[] = [
    set.value_above === undefined
      ? null
      : { type: 'value_above', threshold_wei: String(BigInt(set.value_above) * gwei) },
    set.chain_in ? { type: 'chain_in', chains: set.chain_in } : null,
    set.to_address_in ? { type: 'to_address_in', addresses: set.to_address_in } : null,
    set.function_selector_in ? { type: 'function_selector_in', selectors: set.function_selector_in } : null,
    set.erc20_amount_above === undefined ? null : { type: 'erc20_amount_above', threshold_raw: set.erc20_amount_above },
    set.intent_type_in ? { type: 'intent_type_in', intent_types: set.intent_type_in } : null,
    set.action_in ? { type: 'action_in', actions: set.action_in } : null,
    set.action_kind_in ? { type: 'action_kind_in', action_kinds: set.action_kind_in } : null,
  ]
  const given = all.filter((one) => one !== null)
  return given.length > 0 && given.every((one) => holds(one, subject, look))
}

function meets(listed: readonly string[], found: readonly string[]): boolean {
  const known = new Set(listed.map(folded))
  return found.some((one) => known.has(folded(one)))
}

function folded(text: string): string {
  return /^0x/i.test(text) ? text.toLowerCase() : text
}
