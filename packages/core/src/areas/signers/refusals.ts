import { BadTransaction } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'

/** Does what can find that a request cannot be a transaction, and refuses the field of the input then. Default: the field that it names. */
export function orInvalid<T>(work: () => T, field?: string): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof BadTransaction) throw invalidField(field ?? error.field, error.message)
    throw error
  }
}
