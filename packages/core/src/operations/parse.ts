import { invalidInput } from '../kernel/errors.ts'
import type { Schema } from '../kernel/schema.ts'

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
    throw invalidInput({ fields: fieldsOf(issues) })
  }
}

function fieldsOf(issues: readonly Issue[]): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const { path, message } of issues) {
    const field = path.map(String).join('.')
    fields[field] ??= message.replace(/^Invalid input: /, '')
  }
  return fields
}
