import { hex, utf8 } from '../../kernel/bytes.ts'
import type { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'
import { isPassword, type User } from '../orgs/index.ts'

// Every operation that takes a password counts failures here, per account. So a second operation gives no more guesses.

/** Consecutive failed passwords. */
interface PasswordFailures {
  readonly id: string
  readonly count: number
  /** Time when the count is reset. An account with the maximum count is locked until then. */
  readonly endsAt: number
}

/** Global, because an unknown address belongs to no organisation, and must cost the same work. */
export const passwordFailuresKind = kind<PasswordFailures>('passwordFailures', { scope: 'global', idOf: 'user' })

const failuresMax = 10
const failuresKeptMs = 15 * minute

/**
 * Returns whether the password is correct. Stages the failure count, so the caller must commit the unit on failure too.
 */
export function checkPassword(context: Context, user: User, password: Secret<string>): boolean {
  const { unit, now } = context
  const none: PasswordFailures = { id: user.id, count: 0, endsAt: 0 }
  const known = unit.get(passwordFailuresKind, user.id)
  const failures = known && known.endsAt > now ? known : none
  const isLocked = failures.count >= failuresMax
  const hash = user.status === 'active' ? user.passwordHash : null
  const isRight = unit.waitFor(() => isPassword(context, password.reveal(), hash))
  if (!isRight || isLocked) {
    // A guess at a locked account does not extend the lock.
    const next = isLocked ? failures : { ...failures, count: failures.count + 1, endsAt: now + failuresKeptMs }
    unit.put(passwordFailuresKind, next)
    return false
  }
  // The correct password counts only if no concurrent call has used up the guesses.
  if (known) unit.delete(passwordFailuresKind, known)
  else unit.check(passwordFailuresKind, none)
  return true
}

/**
 * Does the work of `checkPassword` for an unknown address: one hash and one write. So neither the answer nor its time
 * shows whether the account exists. The write goes to one of 4,096 records, so that many addresses need little space.
 */
export function checkNobody(context: Context, email: string, password: Secret<string>): void {
  const { unit, now, crypto } = context
  const id = `nobody-${hex(crypto.sha256(utf8(email))).slice(0, 3)}`
  const known = unit.get(passwordFailuresKind, id)
  unit.waitFor(() => isPassword(context, password.reveal(), null))
  unit.put(passwordFailuresKind, { id, count: (known?.count ?? 0) + 1, endsAt: now + failuresKeptMs })
}

/** Resets the failure count of an account that is removed or has a new password. */
export function forgetFailures(unit: Unit, userId: string): void {
  const known = unit.get(passwordFailuresKind, userId)
  if (known) unit.delete(passwordFailuresKind, known)
}
