import { kind, type Reads } from '../../records/index.ts'

/** A phone whose key confirms actions of its user. */
export interface Device {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly platform: 'ios' | 'android'
  readonly publicKeyPem: string
  /** Where a push service reaches the device. */
  readonly push: { readonly token: string; readonly platform: 'apns' | 'fcm' } | null
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export const deviceKind = kind<Device>('device', {
  indexes: { user: { key: ({ user, createdAt }) => [user, createdAt] } },
})

/** How many devices a user can have. They are removed with the user, in one unit. */
export const devicesMax = 20

export function devicesOf(unit: Reads, userId: string): readonly Device[] {
  return unit.list(deviceKind, 'user', userId)
}
