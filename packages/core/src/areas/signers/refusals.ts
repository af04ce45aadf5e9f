import { BadTransaction } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'

/** Runs the work, and turns a `BadTransaction` into an error about an input field. Default: the field that the error names. */
export function orInvalid<T>(work: () => T, field?: string): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof BadTransaction) throw invalidField(field ?? error.field, error.message)
    throw error
  }
}
