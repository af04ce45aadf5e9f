import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { fields } from '../../operations/index.ts'
import { kind, type Reads, type Unit } from '../../records/index.ts'
import { settingNotFound } from './errors.ts'
import { orgKind } from './records.ts'

/** When the detectors of risk speak, unless an organisation wants it otherwise. */
const riskDefaults = { requests: 6_000, denied: 100, secrets: 100 } as const

/** What each setting of an organisation can be. */
const declared = {
  name: fields.name().describe('Name of the organisation. Invitations contain it.'),
  invitation_days: fields.count(30, 1).describe('Number of days after which an invitation expires. Default: 7.'),
  dpop: z
    .enum(['off', 'warn', 'required'], 'must be off, warn or required')
    .describe(
      'Whether tokens must be bound to a key of their holder (DPoP). off: as each caller wants. warn: as off, and the log names callers without. required: other credentials are refused. Default: off.',
    ),
  dpop_nonce: z
    .enum(['off', 'on'], 'must be off or on')
    .describe('Whether each proof must have a recent nonce of the server. Not all clients can. Default: off.'),
  wider_limits: z
    .enum(['one_person', 'two_persons'], 'must be one_person or two_persons')
    .describe(
      'Who can let an agent sign more than before. two_persons: another owner or admin must approve the change. Default: one_person.',
    ),
  approval_links: z
    .enum(['on', 'off'], 'must be on or off')
    .describe('Whether mail about approvals of risk tier 1 has a link that decides without a sign-in. Default: on.'),
  'intents_api.require_simulation': z
    .enum(['true', 'false'], 'must be true or false')
    .describe(
      'Whether every transaction of an agent on an EVM chain is simulated before it is signed. A transaction that fails, or that no node simulates, is refused. Default: false.',
    ),
  risk_requests: threshold(
    1_000,
    'Requests of one principal in a minute from which risk events tell of a burst, if it usually makes a sixth.',
    riskDefaults.requests,
  ),
  risk_denied: threshold(
    10,
    'Refused requests of one principal in 5 minutes from which risk events tell of a storm.',
    riskDefaults.denied,
  ),
  risk_secrets: threshold(
    10,
    'Secrets that one principal reads in 10 minutes from which it cannot sign in, if it usually reads a fifth.',
    riskDefaults.secrets,
  ),
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

function threshold(min: number, what: string, usual: number) {
  const problem = `must be 0, or a whole number from ${min} to 100000`
  return z
    .int(problem)
    .max(100_000, problem)
    .refine((given) => given === 0 || given >= min, problem)
    .optional()
    .describe(`${what} 0: never. Default: ${usual}.`)
}

export const OrgSettingsBody = z.object(declared).meta({ id: 'OrgSettings' })

export type OrgSettings = z.infer<typeof OrgSettingsBody>

/** The settings that differ from their defaults. */
export const orgSettingsKind = kind<{ readonly id: 'main'; readonly values: Partial<OrgSettings> }>('orgSettings')

export function settingsOf(unit: Reads): OrgSettings {
  const name = unit.get(orgKind, unit.org ?? '')?.name ?? ''
  const usual = {
    invitation_days: 7,
    dpop: 'off',
    dpop_nonce: 'off',
    wider_limits: 'one_person',
    approval_links: 'on',
    'intents_api.require_simulation': 'false',
  } as const
  return { name, ...usual, ...unit.get(orgSettingsKind, 'main')?.values }
}

/** How the organisation wants its callers to use DPoP. */
export function dpopOf(unit: Reads): { readonly mode: OrgSettings['dpop']; readonly needsNonce: boolean } {
  const { dpop = 'off', dpop_nonce = 'off' } = unit.get(orgSettingsKind, 'main')?.values ?? {}
  return { mode: dpop, needsNonce: dpop_nonce === 'on' }
}

/** How the organisation wants humans to approve. */
export function approvalRulesOf(unit: Reads): { readonly needsTwoPersons: boolean; readonly hasLinks: boolean } {
  const { wider_limits = 'one_person', approval_links = 'on' } = unit.get(orgSettingsKind, 'main')?.values ?? {}
  return { needsTwoPersons: wider_limits === 'two_persons', hasLinks: approval_links === 'on' }
}

/** Whether agents of the organisation sign only what was simulated. */
export function simulatesFirst(unit: Reads): boolean {
  return unit.get(orgSettingsKind, 'main')?.values['intents_api.require_simulation'] === 'true'
}

/** From how much on the detectors of risk speak. 0: never. */
export function riskThresholdsOf(unit: Reads): Readonly<Record<keyof typeof riskDefaults, number>> {
  const { requests, denied, secrets } = riskDefaults
  const {
    risk_requests = requests,
    risk_denied = denied,
    risk_secrets = secrets,
  } = unit.get(orgSettingsKind, 'main')?.values ?? {}
  return { requests: risk_requests, denied: risk_denied, secrets: risk_secrets }
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
