import type { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import { type Context, clientOf, type Origin } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'
import { hasTotp } from '../credentials/index.ts'
import { isPassword, type User } from '../orgs/index.ts'

// Every operation that takes a password or a code of a second factor counts failures here, per account and address. So a
// second operation gives no more guesses, and guesses from one address do not lock the owner out at another one (M13).

/** The recent attempts to give the password of one account. */
interface PasswordFailures {
  readonly id: string
  /** Failures, by the address that they came from. An address is here for as long as its failures count. */
  readonly from: readonly FailuresFrom[]
  /** Addresses that gave the correct password, the newest first. Failures from elsewhere do not lock them out. */
  readonly knownClients: readonly string[]
}

interface FailuresFrom {
  readonly client: string
  readonly count: number
  /** How many of them were codes of a second factor. */
  readonly codes?: number
  /** Time when the count is reset. An address with the maximum count is locked until then. */
  readonly endsAt: number
}

/** Global, because an unknown address belongs to no organisation, and must cost the same work. */
export const passwordFailuresKind = kind<PasswordFailures>('passwordFailures', {
  scope: 'global',
  idOf: 'user',
  shape: 2,
  // Failures were counted without their address. They last 15 minutes, so none is worth keeping.
  upcast: (old) => ({ id: (old as PasswordFailures).id, from: [], knownClients: [] }),
})

/** Failures after which one address is locked, for one account. */
const failuresMax = 10
/** Failures after which an account is locked for all addresses that it does not know. Also bounds the record. */
const failuresInAllMax = 100
/** The same for wrong codes. Only a caller with the password can send a code, and a code has six digits. */
const codesInAllMax = 20
const failuresKeptMs = 15 * minute
const knownClientsMax = 8

/** The fields of a user that a check reads. A stand-in has no password, and its check costs the same work. */
type Checked = Pick<User, 'id' | 'status' | 'passwordHash'>

/** Returns whether the password is correct. Stages the failure count, so the caller must commit the unit on failure too. */
export function checkPassword(context: Context, user: Checked, password: Secret<string>): boolean {
  const hash = user.status === 'active' ? user.passwordHash : null
  return attempt(context, user, 'password', () =>
    context.unit.waitFor(() => isPassword(context, password.reveal(), hash)),
  )
}

/** Returns whether the code of a second factor is right, and counts it like a password. */
export function checkGuess(context: Context, user: User, isRight: () => boolean): boolean {
  return attempt(context, user, 'code', isRight)
}

function attempt(context: Context, user: Pick<User, 'id'>, what: 'password' | 'code', check: () => boolean): boolean {
  const { unit, now, origin } = context
  const client = clientName(origin)
  const none: PasswordFailures = { id: user.id, from: [], knownClients: [] }
  const stored = unit.get(passwordFailuresKind, user.id)
  const known = stored ?? none
  const live = known.from.filter(({ endsAt }) => endsAt > now)
  const own = live.find((one) => one.client === client)
  const isCode = what === 'code'
  const isLocked = isFull(own) || (isFullInAll(live, isCode) && !known.knownClients.includes(client))
  const isRight = check()
  const others = live.filter((one) => one !== own)
  if (!isRight || isLocked) {
    const codes = (own?.codes ?? 0) + (isCode ? 1 : 0)
    const failed = { client, count: (own?.count ?? 0) + 1, codes, endsAt: now + failuresKeptMs }
    // A guess at a locked account does not extend the lock.
    unit.put(passwordFailuresKind, { ...known, from: isLocked ? live : [...others, failed] })
    return false
  }
  if (!isCode && hasTotp(unit, user.id)) {
    // The password alone proves too little to give new guesses at the code.
    unit.put(passwordFailuresKind, { ...known, from: live })
    return true
  }
  const knownClients = [client, ...known.knownClients.filter((one) => one !== client)].slice(0, knownClientsMax)
  // Written in any case: the correct password counts only if no concurrent call has used up the guesses.
  unit.put(passwordFailuresKind, { id: user.id, from: others, knownClients })
  return true
}

function isFull(failures: FailuresFrom | undefined): boolean {
  return failures !== undefined && failures.count >= failuresMax
}

function isFullInAll(failures: readonly FailuresFrom[], isCode: boolean): boolean {
  const all = failures.reduce((sum, { count }) => sum + count, 0)
  const codes = failures.reduce((sum, one) => sum + (one.codes ?? 0), 0)
  return all >= failuresInAllMax || (isCode && codes >= codesInAllMax)
}

/** One name for all addresses that one host of IPv6 has. Empty for callers within the process. */
function clientName({ ip = null }: Origin): string {
  return `${clientOf(ip)}`
}

/** Forgets the attempts at an account that is removed. */
export function forgetFailures(unit: Unit, userId: string): void {
  const known = unit.get(passwordFailuresKind, userId)
  if (known) unit.delete(passwordFailuresKind, known)
}
