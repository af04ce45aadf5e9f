import * as z from 'zod'
import { day } from '../../kernel/time.ts'
import { fields, type Settings } from '../../operations/index.ts'

/** A setting as operators write it, and what the engine makes of the text. */
interface Declared<T> {
  readonly about: string
  /** The environment variable of the server, which counts when nothing is stored. */
  readonly variable: string
  readonly read: z.ZodType<T, string>
  readonly shown: (value: T) => string
}

const usdPrice = /^([^=\s]{1,16})=((?:0|[1-9]\d{0,17})(?:\.\d{1,18})?)$/
const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/

function listed(text: string): string[] {
  return text.split(',').flatMap((one) => one.trim() || [])
}

function number(max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from 0 to ${max}`)
    .transform(Number)
    .pipe(fields.count(max))
}

function quota(what: string, variable: string): Declared<number> {
  return {
    about: `Maximum number of ${what} that one agent can create. 0: none. An organisation can set a lower limit.`,
    variable,
    read: number(999_999),
    shown: String,
  }
}

const signUp: Declared<Settings['signUp']> = {
  about: 'Who can create an account and an organisation: closed, open, or a comma-separated list of e-mail domains.',
  variable: 'PAWL_SIGN_UP',
  read: z
    .string()
    .transform((text) => (text === 'closed' || text === 'open' ? text : listed(text.toLowerCase())))
    .refine(
      (value) => typeof value === 'string' || (value.length > 0 && value.every((one) => domain.test(one))),
      'must be closed, open, or domains such as example.com,example.org',
    ),
  shown: (value) => (typeof value === 'string' ? value : value.join(',')),
}

const usdPrices: Declared<Settings['usdPrices']> = {
  about: 'US dollars for one unit of a currency or token, such as ETH=3000,USDC=1. Limits in dollars need them.',
  variable: 'PAWL_USD_PRICES',
  read: z
    .string()
    .refine((text) => listed(text).every((one) => usdPrice.test(one)), 'must be prices such as ETH=3000,USDC=1')
    .transform((text) => Object.fromEntries(listed(text).map((one) => one.split('=') as [string, string]))),
  shown: (value) =>
    Object.entries(value)
      .map(([symbol, price]) => `${symbol}=${price}`)
      .join(),
}

const keepDeleted: Declared<number> = {
  about: 'Number of days for which a deleted secret can be restored. After that, the server destroys it.',
  variable: 'PAWL_KEEP_DELETED',
  read: number(9_999).transform((days) => days * day),
  shown: (milliseconds) => String(milliseconds / day),
}

/** Each setting by its key, and the field of the engine's settings that it replaces. */
export const declared = {
  sign_up: { ...signUp, of: 'signUp' },
  agent_vaults_max: { ...quota('vaults', 'PAWL_AGENT_VAULTS_MAX'), of: 'agentVaultsMax' },
  agent_secrets_max: { ...quota('secrets', 'PAWL_AGENT_SECRETS_MAX'), of: 'agentSecretsMax' },
  agent_shares_max: { ...quota('shares that have not ended', 'PAWL_AGENT_SHARES_MAX'), of: 'agentSharesMax' },
  agent_policies_max: { ...quota('policies', 'PAWL_AGENT_POLICIES_MAX'), of: 'agentPoliciesMax' },
  usd_prices: { ...usdPrices, of: 'usdPrices' },
  keep_deleted_days: { ...keepDeleted, of: 'keepDeletedMs' },
} as const

export type SettingKey = keyof typeof declared
export type SettingField = (typeof declared)[SettingKey]['of']

export const settingKeys = Object.keys(declared) as SettingKey[]

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(declared, key)
}
