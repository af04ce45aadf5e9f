import * as z from 'zod'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import { declared, isSettingKey, type SettingKey, settingKeys, settingKind } from '../settings/index.ts'
import { unknownSetting } from './errors.ts'

export const SettingBody = z
  .object({
    key: z.string(),
    value: z.string().describe('The value that counts.'),
    default_value: z.string().describe('The value that counts without a stored one: that of the environment.'),
    source: z.enum(['stored', 'environment']).describe('Where the value comes from. A stored one wins.'),
    variable: z.string().describe('The environment variable of the server.'),
    description: z.string(),
    updated_by: fields.id().optional(),
    updated_at: fields.shownTime().optional(),
  })
  .meta({ id: 'ServerSetting' })

export const settingRef = { key: fields.text(64, 1).describe('Key of the setting, such as sign_up.') }

/** The key, or an error that names the nearest one. */
export function knownKey(key: string): SettingKey {
  if (isSettingKey(key)) return key
  throw unknownSetting({ known: settingKeys.join(', '), guess: didYouMean(key, settingKeys) })
}

export function settingBody({ unit, settings }: Pick<Context, 'unit' | 'settings'>, key: SettingKey) {
  const { about, variable, of, shown } = declared[key]
  const stored = unit.get(settingKind, key)
  const fromEnvironment = (shown as (value: unknown) => string)(settings[of])
  return {
    ...{ key, value: stored?.value ?? fromEnvironment, default_value: fromEnvironment },
    ...{ source: stored ? ('stored' as const) : ('environment' as const), variable, description: about },
    ...(stored && { updated_by: stored.updatedBy, updated_at: rfc3339(stored.updatedAt) }),
  }
}
