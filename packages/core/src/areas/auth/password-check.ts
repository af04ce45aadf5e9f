import { hex, utf8 } from '../../kernel/bytes.ts'
import type { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'
import { isPassword, type User } from '../orgs/index.ts'

// Every path that takes a password counts its failures here, by account, so that no second path gives more guesses.

/** Wrong passwords in a row. */
interface PasswordFailures {
  readonly id: string
  readonly count: number
  /** The count starts again then; while it is full, the account takes no password until then. */
  readonly endsAt: number
}

/** Global, because an address that is nobody's belongs to no organisation, and must cost the same. */
export const passwordFailuresKind = kind<PasswordFailures>('passwordFailures', { scope: 'global', idOf: 'user' })

const failuresMax = 10
const failuresKeptMs = 15 * minute

/** Whether this is the password of the user. Stages the count, so the caller keeps the unit when the answer is no. */
export function checkPassword(context: Context, user: User, password: Secret<string>): boolean {
  const { unit, now } = context
  const none: PasswordFailures = { id: user.id, count: 0, endsAt: 0 }
  const known = unit.get(passwordFailuresKind, user.id)
  const failures = known && known.endsAt > now ? known : none
  const isLocked = failures.count >= failuresMax
  const hash = user.status === 'active' ? user.passwordHash : null
  const isRight = unit.waitFor(() => isPassword(context, password.reveal(), hash))
  if (!isRight || isLocked) {
    // A guess at a locked account does not lock it for longer.
    const next = isLocked ? failures : { ...failures, count: failures.count + 1, endsAt: now + failuresKeptMs }
    unit.put(passwordFailuresKind, next)
    return false
  }
  // The right guess counts only if nobody has used up the guesses meanwhile.
  if (known) unit.delete(passwordFailuresKind, known)
  else unit.check(passwordFailuresKind, none)
  return true
}

/**
 * What `checkPassword` does, for an address that is nobody's: one hash and one write, so that neither the answer nor its
 * time tells. The write goes to one of 4,096 records, so that a million addresses take no more room than a few.
 */
export function checkNobody(context: Context, email: string, password: Secret<string>): void {
  const { unit, now, crypto } = context
  const id = `nobody-${hex(crypto.sha256(utf8(email))).slice(0, 3)}`
  const known = unit.get(passwordFailuresKind, id)
  unit.waitFor(() => isPassword(context, password.reveal(), null))
  unit.put(passwordFailuresKind, { id, count: (known?.count ?? 0) + 1, endsAt: now + failuresKeptMs })
}

/** Forgets the failures of an account that goes, or whose password was set anew. */
export function forgetFailures(unit: Unit, userId: string): void {
  const known = unit.get(passwordFailuresKind, userId)
  if (known) unit.delete(passwordFailuresKind, known)
}
