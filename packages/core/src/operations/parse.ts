import { invalidInput, type PawlError } from '../kernel/errors.ts'
import type { Schema } from '../kernel/schema.ts'
import type { Caller } from './caller.ts'

/** An input that is not checked yet, or one that is still to be read. */
export type RawInput = unknown | InputToRead

/** The sender of an input. The engine can stop it. */
export interface Sender {
  /** Anonymous for a public operation. */
  readonly caller: Caller
  /** The engine calls the function, at most once, when it no longer needs the input. */
  onStop(stop: (error: PawlError) => void): void
}

/**
 * An input that the engine reads after the limits allow the call and the caller is admitted. A body takes memory and time, so
 * the engine reads no body of a refused caller (M5).
 */
export class InputToRead {
  /** The fields of the URL, which are known before the body is read. */
  readonly known: Readonly<Record<string, unknown>>
  readonly read: (sender: Sender) => Promise<unknown>

  constructor(known: Readonly<Record<string, unknown>>, read: (sender: Sender) => Promise<unknown>) {
    this.known = known
    this.read = read
  }
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly code?: string
}

/** Parses an input. The error names each wrong field and its rule, and never repeats the input. */
export function parseInput<I>(schema: Schema<I, unknown>, raw: unknown): I {
  try {
    return schema.parse(raw)
  } catch (error) {
    const issues = (error as { issues?: readonly Issue[] }).issues
    if (!Array.isArray(issues)) throw error
    throw invalidInput({ fields: fieldsOf(issues, raw) })
  }
}

function fieldsOf(issues: readonly Issue[], raw: unknown): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const issue of issues) {
    const field = issue.path.map(String).join('.')
    fields[field] ??= isMissing(issue, raw) ? 'is missing' : issue.message.replace(/^Invalid input: /, '')
  }
  return fields
}

/** The message of a `custom` rule says more about an absent field than "is missing". */
function isMissing({ path, code }: Issue, raw: unknown): boolean {
  if (path.length === 0 || code === 'custom') return false
  let value = raw
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key]
  return value === undefined
}
