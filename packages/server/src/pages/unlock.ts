import { PawlError } from '@pawl/core'
import { html } from '@pawl/core/surfaces'
import type { Page } from './form-page.ts'
import { type Reply, seeOther } from './layout.ts'
import { passkeyForm } from './passkey-form.ts'
import { leadingTo, nextOf, type Visit } from './visit.ts'

// A user can ask for a passkey before values are shown. Then the pages ask for it, and keep its token for some minutes in a
// cookie that no script can read.

const cookie = 'unlocked'

/** The input of an operation that can need the passkey. */
export function unlocked(visit: Visit): { readonly passkey_token?: string } {
  const passkey_token = visit.kept(cookie)
  return passkey_token === null ? {} : { passkey_token }
}

/** A header that removes the token from the browser. */
export function locked(visit: Visit): readonly string[] {
  return visit.keep(cookie, null)
}

/** Runs what can need the passkey. If it does, the visitor uses the passkey first, and then comes back here. */
export async function withPasskey(visit: Visit, run: () => Promise<Reply>): Promise<Reply> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'passkey_needed') throw error
    return seeOther(leadingTo(visit.to('/unlock'), nextOf(visit.here)))
  }
}

const unlock = passkeyForm({
  path: '/unlock',
  signedIn: true,
  title: 'Use your passkey',
  before: () => html`<p>You asked for a passkey before values are shown. It counts for 5 minutes.</p>`,
  begin: ({ as }) => as.factors.beginVaultPasskey(),
  send: async (visit, signed) => {
    const { passkey_token, expires_in } = await visit.as.factors.completeVaultPasskey(signed)
    const next = nextOf(visit.query.get('next')) ?? visit.home
    return seeOther(next, visit.keep(cookie, passkey_token.reveal(), expires_in))
  },
})

export const unlockPages: readonly Page[] = [unlock]
