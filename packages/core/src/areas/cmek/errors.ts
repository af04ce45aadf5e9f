import { defineError } from '../../kernel/errors.ts'

export const cmekNotEnabled = defineError(
  'cmek_not_enabled',
  'invalid',
  'The vault has no customer-managed key. Enable one first.',
)

export const cmekKeyDiffers = defineError(
  'cmek_key_differs',
  'invalid',
  'The vault has another customer-managed key. Rotate the key to replace it.',
)

export const cmekRotationRunning = defineError(
  'cmek_rotation_running',
  'conflict',
  'A rotation of the key of this vault is not finished. If it was interrupted, send the same two keys again to continue it.',
)

export const cmekRotationNotFound = defineError(
  'cmek_rotation_not_found',
  'not_found',
  'The vault has no rotation with this ID.',
)
