import { BadTransaction } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'

/** Does what can find that a request cannot be a transaction, and refuses the field of the input then. */
export function orInvalid<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof BadTransaction) throw invalidField(error.field, error.message)
    throw error
  }
}
