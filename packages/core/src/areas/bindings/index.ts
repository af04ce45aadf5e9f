export { dropBindings } from './drop.ts'
export { bindingKind, executionKind } from './records.ts'
