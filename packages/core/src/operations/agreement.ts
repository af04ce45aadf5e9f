import { utf8 } from '../kernel/bytes.ts'
import { defineError, type PawlError } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'
import type { Context, GovernedRequest } from './engine.ts'
import { id, optional } from './fields.ts'

/** A change of the organisation for which a policy can require the agreement of several people. */
export interface GovernedAction<I> {
  /** Its name in a `consensus_trigger`, such as `policy.create`. */
  readonly action: string
  /** The vault that the change is about. Default: it is about the organisation. */
  readonly vault?: (input: I) => string | undefined
  /** What people must know about the change besides the input. It can refuse a change that cannot happen. */
  readonly about?: (context: Context, input: I) => Readonly<Record<string, Json>>
}

/** The server does this only when other people have approved. `approval_request_id` is the approval that waits. */
export const approvalRequired = defineError<{ approval_request_id: string }>(
  'approval_required',
  'denied',
  ({ approval_request_id }) =>
    `Another person must approve this first. Nothing was changed. Approval: ${approval_request_id}.`,
)

/** Nothing is done under a rule that the server does not understand. */
export const triggerUnreadable = defineError<{ policy_id: string }>(
  'consensus_trigger_unreadable',
  'denied',
  ({ policy_id }) => `The consensus_trigger of the policy ${policy_id} is not valid, so nothing is done under it.`,
)

export const tooManyOpen = defineError<{ max: number }>(
  'too_many_pending_approvals',
  'denied',
  ({ max }) => `There are ${max} pending approvals. Wait until people have decided.`,
)

/** A principal and a vault take their policies with them. So their removal would end a rule without the agreement of people. */
export const policyGoverns = defineError<{ policy_id: string }>(
  'policy_governs',
  'conflict',
  ({ policy_id }) =>
    `A policy that would end too has a consensus_trigger about changes of the organisation. Delete this policy first: ${policy_id}.`,
)

/** The errors of every operation that is `governed`, in addition to its own errors. */
export const agreementErrors = [approvalRequired, triggerUnreadable, tooManyOpen]

/** The field of an operation that is `governed`. */
export function agreementField() {
  return optional(id()).describe(
    'ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for exactly the same request.',
  )
}

interface Governed<I> {
  readonly name: string
  readonly governed?: readonly GovernedAction<I>[]
  readonly confirms?: { readonly when?: unknown }
}

/** The refusal of a call that people must agree to first, or null. */
export function notAgreed<I>(context: Context, operation: Governed<I>, input: I, raw: unknown): PawlError | null {
  const { governed } = operation
  if (!governed) return null
  const given = input as Readonly<Record<string, unknown>> & { readonly approval_id?: string }
  return context.areas.agree(context, {
    actions: governed.map(({ action, vault }) => ({ action, vaultId: vault?.(input) ?? null })),
    input: given,
    approvalId: given.approval_id,
    about: () => Object.assign({}, ...governed.map(({ about }) => about?.(context, input) ?? {})),
    request: () => requestOf(context, operation, declared(raw, input)),
  })
}

const requestBytesMax = 64 * 1024

/**
 * The call that the engine can make later. Null: it is too long, or it needs a proof or a delegation, which is valid only in the
 * call of the caller.
 */
function requestOf(
  { caller }: Context,
  { name, confirms }: Pick<Governed<never>, 'name' | 'confirms'>,
  given: unknown,
): GovernedRequest | null {
  const { approval_id, auth_confirm, ...input } = (given ?? {}) as Readonly<Record<string, unknown>>
  const isProved = confirms && (!confirms.when || auth_confirm !== undefined)
  if (isProved || (caller.kind === 'user' && caller.delegation)) return null
  const text = JSON.stringify(input)
  if (utf8(text).length > requestBytesMax) return null
  return { operation: name, input: JSON.parse(text) as Json }
}

/** The part of an input that its schema kept, as it came. People see nothing of the rest, so the engine stores nothing of it. */
function declared(given: unknown, kept: unknown): unknown {
  if (!isObject(given) || !isObject(kept)) return given
  if (Array.isArray(given)) return given.map((value, at) => declared(value, kept[at]))
  const members = Object.entries(given).filter(([name]) => Object.hasOwn(kept, name))
  return Object.fromEntries(members.map(([name, value]) => [name, declared(value, kept[name])]))
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return value !== null && typeof value === 'object'
}
