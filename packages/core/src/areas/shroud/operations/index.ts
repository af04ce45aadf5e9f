import { inspectContentOperation } from './inspect-content.ts'

export const shroudOperations = {
  inspectContent: inspectContentOperation,
}
