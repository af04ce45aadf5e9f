import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { fields } from '../../operations/index.ts'
import { kind, type Reads, type Unit } from '../../records/index.ts'
import { settingNotFound } from './errors.ts'
import { orgKind } from './records.ts'

/** What each setting of an organisation can be. */
const declared = {
  name: fields.name().describe('Name of the organisation. Invitations contain it.'),
  invitation_days: fields.count(30, 1).describe('Number of days after which an invitation expires. Default: 7.'),
  agent_vaults_max: quota('vaults'),
  agent_secrets_max: quota('secrets, also in vaults of others,'),
  agent_shares_max: quota('shares that have not ended'),
  agent_policies_max: quota('policies'),
} as const

/** The server has a limit too, and the lower one counts. */
function quota(what: string) {
  return fields
    .count(999_999)
    .optional()
    .describe(`Maximum number of ${what} that one agent can create. 0: none. Default: the limit of the server.`)
}

export const OrgSettingsBody = z.object(declared).meta({ id: 'OrgSettings' })

export type OrgSettings = z.infer<typeof OrgSettingsBody>

/** The settings that differ from their defaults. */
export const orgSettingsKind = kind<{ readonly id: 'main'; readonly values: Partial<OrgSettings> }>('orgSettings')

export function settingsOf(unit: Reads): OrgSettings {
  const name = unit.get(orgKind, unit.org ?? '')?.name ?? ''
  return { name, invitation_days: 7, ...unit.get(orgSettingsKind, 'main')?.values }
}

/** Stages a new value of one setting. */
export function changeSetting(unit: Unit, key: string, value: string): OrgSettings {
  if (!Object.hasOwn(declared, key)) throw settingNotFound({ known: Object.keys(declared).join(', ') })
  const isNumber = key !== 'name' && /^[0-9]{1,9}$/.test(value)
  const parsed = declared[key as keyof typeof declared].safeParse(isNumber ? Number(value) : value)
  if (!parsed.success) throw invalidField('value', parsed.error.issues[0]?.message ?? 'is invalid')
  const before = unit.get(orgSettingsKind, 'main')?.values ?? {}
  unit.put(orgSettingsKind, { id: 'main', values: { ...before, [key]: parsed.data } })
  return settingsOf(unit)
}
