import { base64url, equalBytes, utf8 } from '../../kernel/bytes.ts'
import type { Json } from '../../kernel/json.ts'
import type { Principal, Services, UnitContext } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'

// Links and codes that are sent by mail or shown once. Each is used once: a use deletes its record, and two concurrent uses
// conflict in the commit.

/** A token or a code that proves once that its holder received it. */
export interface OneTime {
  /** The purpose and a hash of the subject, so a subject has one at a time: the newest. */
  readonly id: string
  /** Null: no organisation is known yet. */
  readonly org: string | null
  /** The principal to whom it belongs. It ends with this principal. */
  readonly holder: Principal | null
  /** Empty after too many wrong codes. */
  readonly secretHash: string
  readonly wrong: number
  readonly expiresAt: number
  /** What its use does. */
  readonly data: Json
}

type OneTimeMeaning = Pick<OneTime, 'org' | 'holder' | 'data'>

/** Global, because a link is used before its organisation is known. */
export const oneTimeKind = kind<OneTime>('oneTime', {
  scope: 'global',
  indexes: {
    ends: { key: ({ expiresAt }) => [expiresAt] },
    secret: { unique: true, blind: true, key: ({ secretHash }) => (secretHash === '' ? null : [secretHash]) },
    holder: { key: ({ org, holder }) => (org && holder ? [org, holder.kind, holder.id] : null) },
  },
})

export interface OneTimeWanted {
  /** The purpose, such as `reset`. It is valid for no other purpose. */
  readonly purpose: string
  /** Whom it concerns, such as a canonical e-mail address. */
  readonly subject: string
  readonly lifeMs: number
  readonly org?: string
  readonly holder?: Principal
  readonly data?: Json
}

const wrongMax = 5

/** Stages a token for a link, and replaces an earlier one. Operations that call this limit how often. */
export function newLinkToken(context: UnitContext, wanted: OneTimeWanted): string {
  return issue(context, wanted, base64url(context.random.bytes(32)), wanted.purpose)
}

/** The same with six digits, for a person who types them. */
export function newCode(context: UnitContext, wanted: OneTimeWanted): string {
  return issue(context, wanted, sixDigits(context), idOf(context, wanted.purpose, wanted.subject))
}

/** Stages the use of the token of a link. Null: it is unknown, used, expired, or for another purpose. */
export function useLinkToken(context: UnitContext, purpose: string, token: string): OneTime | null {
  const found = peekLinkToken(context, purpose, token)
  if (found) dropOneTime(context.unit, found)
  return found
}

/** Returns the record of a valid token and leaves it unused. */
export function peekLinkToken(context: UnitContext, purpose: string, token: string): OneTime | null {
  const found = context.unit.find(oneTimeKind, 'secret', hashOf(context, purpose, token))
  return found && found.expiresAt > context.now ? found : null
}

/** Returns what was issued to a subject, also if it has expired, and leaves it unused. */
export function findOneTime(context: UnitContext, purpose: string, subject: string): OneTime | null {
  return context.unit.get(oneTimeKind, idOf(context, purpose, subject))
}

/** Stages another organisation, holder or data of an issued credential. */
export function changeOneTime({ unit }: UnitContext, found: OneTime, change: Partial<OneTimeMeaning>): void {
  unit.put(oneTimeKind, { ...found, ...change })
}

/**
 * Stages the use of a code. Null: it is wrong, used or expired. Commit the unit in that case too, because it counts wrong
 * codes: after five, the code is void.
 */
export function useCode(context: UnitContext, purpose: string, subject: string, code: string): OneTime | null {
  const { unit, now } = context
  const found = findOneTime(context, purpose, subject)
  if (!found || found.secretHash === '' || found.expiresAt <= now) return null
  const given = hashOf(context, found.id, code.trim())
  if (equalBytes(utf8(given), utf8(found.secretHash))) {
    dropOneTime(unit, found)
    return found
  }
  const wrong = found.wrong + 1
  unit.put(oneTimeKind, { ...found, wrong, secretHash: wrong >= wrongMax ? '' : found.secretHash })
  return null
}

/** Stages the end of one link or code. */
export function dropOneTime(unit: Unit, one: OneTime): void {
  unit.delete(oneTimeKind, one)
}

/** Stages the end of the one-time credential that was sent to a subject. */
export function endOneTime(context: UnitContext, purpose: string, subject: string): void {
  const found = findOneTime(context, purpose, subject)
  if (found) dropOneTime(context.unit, found)
}

/** Returns what was issued to a principal for one purpose and is still valid. */
export function oneTimesOf({ unit, now }: UnitContext, purpose: string, { kind, id }: Principal): readonly OneTime[] {
  const all = unit.list(oneTimeKind, 'holder', unit.org ?? '', kind, id)
  return all.filter((one) => one.id.startsWith(`${purpose}.`) && one.expiresAt > now)
}

/** Stages the end of everything that was sent to a principal. */
export function endOneTimesOf(unit: Unit, { kind, id }: Principal): void {
  for (const one of unit.list(oneTimeKind, 'holder', unit.org ?? '', kind, id)) unit.delete(oneTimeKind, one)
}

/** Codes are few, so the hash of a code is bound to its subject. A token is found by its hash, so it is bound to its purpose. */
function issue(context: UnitContext, wanted: OneTimeWanted, secret: string, boundTo: string): string {
  const { unit, now } = context
  const { purpose, subject, lifeMs, org = null, holder = null, data = null } = wanted
  const id = idOf(context, purpose, subject)
  // What is there is replaced, so it must be read.
  findOneTime(context, purpose, subject)
  const expiresAt = now + lifeMs
  unit.put(oneTimeKind, { id, org, holder, secretHash: hashOf(context, boundTo, secret), wrong: 0, expiresAt, data })
  return secret
}

function idOf({ crypto }: Pick<Services, 'crypto'>, purpose: string, subject: string): string {
  return `${purpose}.${base64url(crypto.sha256(utf8(subject)))}`
}

function hashOf({ crypto }: Pick<Services, 'crypto'>, boundTo: string, secret: string): string {
  return base64url(crypto.sha256(utf8(`${boundTo} ${secret}`)))
}

/** A number below a million, each with the same chance. */
function sixDigits({ random }: Services): string {
  for (;;) {
    const [a = 0, b = 0, c = 0] = random.bytes(3)
    const number = (a << 16) | (b << 8) | c
    if (number < 16_000_000) return String(number % 1_000_000).padStart(6, '0')
  }
}
