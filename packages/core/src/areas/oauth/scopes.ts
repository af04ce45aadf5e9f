import { refusedAs } from './errors.ts'

/** What an app can ask for, as a user reads it. */
const scopeTexts = {
  openid: 'Know that it is you, by a number',
  profile: 'See your name',
  email: 'See your e-mail address',
  wallet: 'See the address of your wallet',
  offline_access: 'Keep this access while you are away, until you take it back',
  link: 'Connect your account, so that it can make vaults and agents for you',
} as const

export type Scope = keyof typeof scopeTexts

export const scopeNames = Object.keys(scopeTexts) as readonly Scope[]

const defaultScopes: readonly Scope[] = ['openid']

/** The scopes of a request, each once. Refuses unknown ones. */
export function scopesIn(text: string | undefined): readonly Scope[] {
  const asked = (text ?? '').split(/\s+/).filter((one) => one !== '')
  if (asked.length === 0) return defaultScopes
  const known = asked.filter((one): one is Scope => Object.hasOwn(scopeTexts, one))
  if (known.length < asked.length) throw refusedAs('invalid_scope', `scope can have ${scopeNames.join(', ')}.`)
  return [...new Set(known)]
}

/** Asks only to connect the account, so no token opens anything. */
export function isPureLink(scopes: readonly string[]): boolean {
  return scopes.length === 1 && scopes[0] === 'link'
}
