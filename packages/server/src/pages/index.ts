import { PawlError } from '@pawl/core'
import { RequestRejected } from '../web/errors.ts'
import type { Mount } from '../web/messages.ts'
import { accountPage } from './account.ts'
import { accountPages } from './accounts.ts'
import { approvalPages } from './approvals.ts'
import { connectPages } from './connect.ts'
import { devicePages } from './devices.ts'
import { enrolmentPages } from './enrolments.ts'
import { failed, type Page } from './form-page.ts'
import { identityPages } from './identities.ts'
import { type Reply, responseOf } from './layout.ts'
import { oauthPages } from './oauth.ts'
import { sessionPages, signInFirst } from './sessions.ts'
import { sharePages } from './shares.ts'
import { unlockPages } from './unlock.ts'
import { formOf, problemOf, type Shown, type Visit, visitOf } from './visit.ts'

export interface PagesOptions {
  /** Where a visitor goes after signing in. Default: `/account`. */
  readonly home?: string
}

/** Every page, once. */
const all: readonly Page[] = [
  ...sessionPages,
  ...accountPages,
  ...accountPage,
  ...approvalPages,
  ...devicePages,
  ...enrolmentPages,
  ...oauthPages,
  ...sharePages,
  ...connectPages,
  ...unlockPages,
]

/**
 * The pages for users: sign-in, sign-up, lost passwords and more. They load nothing from another site. Only passkeys need
 * JavaScript. Pass them to the HTTP server as mounts.
 *
 * @example
 * const vault = createApp(pawl, { mounts: pages(pawl) })
 */
export function pages(pawl: Shown, { home = '/account' }: PagesOptions = {}): Readonly<Record<string, Mount>> {
  const every = [...all, ...identityPages(pawl.settings)]
  return Object.fromEntries(every.map((one) => [one.path, mountOf(pawl, home, one)]))
}

function mountOf(pawl: Shown, home: string, one: Page): Mount {
  const { send } = one
  return async (wire, from, begin) => {
    const visit = visitOf(pawl, home, wire, from)
    try {
      if (wire.method === 'POST' && send) {
        const form = await formOf(pawl, wire, begin)
        return responseOf(await answer(one, visit, () => send(visit, form)))
      }
      if (wire.method !== 'GET' && wire.method !== 'HEAD') throw methodNotAllowed(one)
      return responseOf(await answer(one, visit, () => one.show(visit)))
    } catch (error) {
      return responseOf(replyTo(error, one, visit))
    }
  }
}

/** A page for users sends other visitors to the sign-in page, and renews the session of a user. */
async function answer(one: Page, visit: Visit, make: () => Promise<Reply> | Reply): Promise<Reply> {
  if (one.signedIn && !visit.isSignedIn) return signInFirst(visit)
  const reply = await make()
  const kept = one.signedIn ? await visit.keepSession() : []
  return { ...reply, headers: [...kept, ...(reply.headers ?? [])] }
}

function replyTo(error: unknown, one: Page, visit: Visit): Reply {
  // The session has ended.
  if (one.signedIn && error instanceof PawlError && error.kind === 'unauthenticated') return signInFirst(visit)
  const problem = problemOf(error)
  if (!problem) throw error
  return failed(problem)
}

function methodNotAllowed(one: Page): RequestRejected {
  const allow = one.send ? 'GET, HEAD, POST' : 'GET, HEAD'
  return new RequestRejected(405, 'method_not_allowed', `This page allows only ${allow}.`, ['allow', allow])
}
