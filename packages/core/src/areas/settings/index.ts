import { area, type Settings } from '../../operations/index.ts'
import { kind, type Reads } from '../../records/index.ts'
import { declared, type SettingField, type SettingKey, settingKeys } from './declared.ts'

export { declared, isSettingKey, type SettingKey, settingKeys } from './declared.ts'

/** A value that the operator stored in place of that of the environment. */
export interface StoredSetting {
  /** The key. */
  readonly id: string
  /** As the operator wrote it. */
  readonly value: string
  readonly updatedBy: string
  readonly updatedAt: number
}

export const settingKind = kind<StoredSetting>('serverSetting', { scope: 'global', history: ['updatedBy'] })

const keyOf = Object.fromEntries(settingKeys.map((key) => [declared[key].of, key])) as Record<SettingField, SettingKey>

/**
 * A setting of the server as it counts now. What is stored wins over the environment.
 *
 * @example
 * const signUp = serverSetting(context, 'signUp')
 */
export function serverSetting<Field extends SettingField>(
  { unit, settings }: { readonly unit: Reads; readonly settings: Settings },
  field: Field,
): Settings[Field] {
  const key = keyOf[field]
  const stored = unit.get(settingKind, key)
  const read = stored && declared[key].read.safeParse(stored.value)
  // A value of an older version that does not fit any more is as none.
  return read?.success ? (read.data as Settings[Field]) : settings[field]
}

/** Whether this address may create an account. The operator allows none, all, or the addresses of some domains. */
export function takesSignUp(context: Parameters<typeof serverSetting>[0], email: string): boolean {
  const signUp = serverSetting(context, 'signUp')
  if (typeof signUp === 'string') return signUp === 'open'
  return signUp.includes(email.slice(email.lastIndexOf('@') + 1))
}

/**
 * All of these settings as they count now.
 *
 * @example
 * const { signUp } = currentSettings(context)
 */
export function currentSettings(context: Parameters<typeof serverSetting>[0]): Pick<Settings, SettingField> {
  const fields = Object.keys(keyOf) as SettingField[]
  return Object.fromEntries(fields.map((field) => [field, serverSetting(context, field)])) as Pick<
    Settings,
    SettingField
  >
}

/** Settings of the server that its operator can change while it runs. */
export const settingsArea = area({ name: 'settings', operations: {}, kinds: [settingKind] })
