import { allowDevice } from './allow-device.ts'
import { denyDevice } from './deny-device.ts'
import { deviceStatus } from './device-status.ts'
import { pollDevice } from './poll-device.ts'
import { requestDevice } from './request-device.ts'

export const loginOperations = {
  request: requestDevice,
  poll: pollDevice,
  status: deviceStatus,
  allow: allowDevice,
  deny: denyDevice,
}
