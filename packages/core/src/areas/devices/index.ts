import { area } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { deviceOperations } from './operations/index.ts'
import { deviceKind, devicesOf } from './records.ts'

export { deviceKind } from './records.ts'
export { takeStepUpToken } from './step-up.ts'

export const devices = area({
  name: 'devices',
  summary: 'Phones whose keys confirm single actions of their user.',
  uses: ['auth', 'credentials'],
  operations: deviceOperations,
  kinds: [deviceKind],
  onRemoved: { user: { inUnit: ({ unit }, id) => dropDevicesOf(unit, id) } },
})

function dropDevicesOf(unit: Unit, userId: string): void {
  for (const device of devicesOf(unit, userId)) unit.delete(deviceKind, device)
}
