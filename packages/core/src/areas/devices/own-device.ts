import { type Context, signedIn } from '../../operations/index.ts'
import { deviceNotFound } from './errors.ts'
import { type Device, deviceKind } from './records.ts'

/** A device of the caller. One of another user may as well not exist. */
export function ownDevice(context: Context, id: string): Device {
  const device = context.unit.require(deviceKind, id, deviceNotFound)
  if (device.user !== signedIn(context).id) throw deviceNotFound()
  return device
}
