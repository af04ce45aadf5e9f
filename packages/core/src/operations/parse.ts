import { invalidInput, type PawlError } from '../kernel/errors.ts'
import type { Schema } from '../kernel/schema.ts'
import type { Caller } from './caller.ts'

/** An input that is not checked yet, or one that is still to be read. */
export type RawInput = unknown | InputToRead

/** Who sends an input, and until when it is wanted. */
export interface Sender {
  /** Anonymous for a public operation. */
  readonly caller: Caller
  /** Calls the function, at most once, when the input is not wanted any more. */
  onStop(stop: (error: PawlError) => void): void
}

/**
 * An input that the engine reads once the limits allow the call and the caller may make it. A body takes memory and time, so
 * others cause none (M5).
 */
export class InputToRead {
  /** The fields that are known without reading: they stand in the URL. */
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

/** Reads an input, or says which fields are wrong and how, without repeating what was sent. */
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

/** A rule of its own (`custom`) says more about an absent field than that it is absent. */
function isMissing({ path, code }: Issue, raw: unknown): boolean {
  if (path.length === 0 || code === 'custom') return false
  let value = raw
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key]
  return value === undefined
}
