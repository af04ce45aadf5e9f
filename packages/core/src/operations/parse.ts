import { invalidInput } from '../kernel/errors.ts'
import type { Schema } from '../kernel/schema.ts'

/** An input that is not checked yet, or a function that reads it once the limits allow the call and the caller is known. */
export type RawInput = unknown | (() => Promise<unknown>)

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
