import { utf8 } from '../kernel/bytes.ts'
import type { PawlError } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'
import type { GovernedAction } from './agreement.ts'
import type { Context, GovernedRequest } from './engine.ts'
import type { AnyOperation } from './operation.ts'
import { scopeOf } from './scopes.ts'

interface Governed<I> extends Pick<AnyOperation, 'name' | 'effect'> {
  readonly governed?: readonly GovernedAction<I>[]
  readonly confirms?: unknown
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
    request: requestOf(context, operation, declared(raw, input)),
  })
}

const requestBytesMax = 64 * 1024

/**
 * The call that the engine can make later. Null: it is too long, or it needs a proof or a delegation, which is valid only in the
 * call of the caller.
 */
function requestOf(
  { caller }: Context,
  { confirms, ...operation }: Pick<Governed<never>, 'name' | 'effect' | 'confirms'>,
  given: unknown,
): GovernedRequest | null {
  if (confirms || (caller.kind === 'user' && caller.delegation)) return null
  const { approval_id, ...input } = (given ?? {}) as Readonly<Record<string, unknown>>
  const text = JSON.stringify(input)
  if (utf8(text).length > requestBytesMax) return null
  return { operation: operation.name, scope: scopeOf(operation), input: JSON.parse(text) as Json }
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
