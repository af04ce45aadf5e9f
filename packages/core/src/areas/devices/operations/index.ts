import { attestDevice } from './attest-device.ts'
import { challengeDevice } from './challenge-device.ts'
import { listDevices } from './list-devices.ts'
import { registerDevice } from './register-device.ts'
import { revokeDevice } from './revoke-device.ts'
import { setPushToken } from './set-push-token.ts'

export const deviceOperations = {
  register: registerDevice,
  list: listDevices,
  revoke: revokeDevice,
  challenge: challengeDevice,
  attest: attestDevice,
  setPushToken,
}
