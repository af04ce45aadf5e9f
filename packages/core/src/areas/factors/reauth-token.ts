import { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { newVoucher, readVoucher, spendVoucher } from '../credentials/index.ts'
import type { User } from '../orgs/index.ts'

// A re-authentication token says that its user proved who they are minutes ago, for one purpose. It is good for one call.

const prefix = 'rat_'
const use = 'reauth'
export const reauthTokenLifeMs = 5 * minute

export function looksLikeReauthToken(text: string): boolean {
  return text.startsWith(prefix)
}

/** `isStrong`: the proof was a second factor. */
export function newReauthToken(context: Context, user: User, purpose: string, isStrong: boolean): Secret<string> {
  const data = { purpose, isStrong, epoch: user.epoch }
  const wanted = { use, user: user.id, org: context.unit.org, lifeMs: reauthTokenLifeMs, data }
  return Secret.of(prefix + newVoucher(context, wanted))
}

/** Spends a token. Returns false if it is not for this user and purpose, or proves too little. */
export function takeReauthToken(
  context: Context,
  user: User,
  text: string,
  { purpose, needsStrong }: { readonly purpose: string; readonly needsStrong: boolean },
): boolean {
  const voucher = readVoucher(context, text.slice(prefix.length), use)
  if (!voucher || voucher.user !== user.id || voucher.org !== context.unit.org) return false
  const { data } = voucher
  // A new epoch ends all sessions of the user, and the proofs of these with them.
  if (data.purpose !== purpose || data.epoch !== user.epoch) return false
  if (needsStrong && data.isStrong !== true) return false
  spendVoucher(context, voucher)
  return true
}
