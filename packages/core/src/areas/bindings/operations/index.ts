import { createBinding } from './create-binding.ts'
import { deleteBinding } from './delete-binding.ts'
import { executeIntent } from './execute-intent.ts'
import { getBinding } from './get-binding.ts'
import { listBindings } from './list-bindings.ts'
import { listExecutions } from './list-executions.ts'
import { rotateBindingCredential } from './rotate-credential.ts'
import { testBinding } from './test-binding.ts'
import { updateBinding } from './update-binding.ts'

export const bindingOperations = {
  create: createBinding,
  list: listBindings,
  get: getBinding,
  update: updateBinding,
  delete: deleteBinding,
  test: testBinding,
  rotateCredential: rotateBindingCredential,
  execute: executeIntent,
  listExecutions,
}
