import { defineError } from '../../kernel/errors.ts'

export const deviceNotFound = defineError('device_not_found', 'not_found', 'You have no device with this ID.')

export const devicesFull = defineError(
  'devices_full',
  'conflict',
  'You have as many devices as a user can have. Remove one first.',
)
