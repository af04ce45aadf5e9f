import { base64url, equalBytes, utf8 } from '../../kernel/bytes.ts'
import { CommitThenThrow, type Context } from '../../operations/index.ts'
import { type App, findAppBySlug } from '../platform/index.ts'
import { invalidClientId, invalidGrant, refusedAs } from './errors.ts'
import { endGrant, holdersOf, stageEvent } from './grants.ts'
import { issue } from './issue.ts'
import type { Grant } from './records.ts'
import { readToken } from './tokens.ts'

type Issued = ReturnType<typeof issue> | CommitThenThrow

interface CodeGiven {
  readonly code: string | null
  readonly clientId: string | null
  readonly redirectUri: string | null
  readonly verifier: string | null
}

/** Exchanges a code. A code works for one request: the first that presents it, even if that request is refused. */
export function exchangeCode(context: Context, given: CodeGiven): Issued {
  const { unit, now } = context
  const app = clientOf(context, given.clientId)
  if (given.code === null) throw refusedAs('invalid_request', 'code is missing.')
  const presented = readToken(context, unit, 'code', given.code)
  if (!presented) throw invalidGrant('code')
  const { grant } = presented
  const refuse = (action: string) => {
    endGrant(context, grant, action)
    return new CommitThenThrow(invalidGrant('code'))
  }
  // There is a copy of the code, so what was issued from it may be in the wrong hands.
  if (grant.isCodeUsed) return refuse('oauth.code_reuse')
  const holders = holdersOf(context, grant)
  const isFor = grant.appId === app.id && grant.redirectUri === given.redirectUri
  if (!holders || !isFor || presented.endsAt <= now || !isProven(context, grant, given.verifier)) {
    return refuse('oauth.code_refuse')
  }
  stageEvent(context, grant, 'oauth.token_issue')
  return issue(context, grant, holders)
}

/** Exchanges a refresh token for the next one. A former one ends the grant. */
export function exchangeRefreshToken(context: Context, token: string | null, clientId: string | null): Issued {
  const { unit, now } = context
  const app = clientId === null ? null : clientOf(context, clientId)
  if (token === null) throw refusedAs('invalid_request', 'refresh_token is missing.')
  const presented = readToken(context, unit, 'refresh', token)
  if (!presented) throw invalidGrant('refresh token')
  const { grant, number, endsAt } = presented
  const isReused = number !== grant.refreshes
  const holders = holdersOf(context, grant)
  const isFor = app === null || app.id === grant.appId
  if (isReused || !holders || !isFor || endsAt <= now) {
    endGrant(context, grant, isReused ? 'oauth.refresh_reuse' : 'oauth.refresh_refuse')
    return new CommitThenThrow(invalidGrant('refresh token'))
  }
  stageEvent(context, grant, 'oauth.token_refresh')
  return issue(context, grant, holders)
}

function clientOf({ unit }: Context, clientId: string | null): App {
  const app = clientId === null ? null : findAppBySlug(unit, clientId)
  if (!app) throw invalidClientId()
  return app
}

/** Returns whether the verifier is that of the challenge (RFC 7636). Without a challenge, there must be none. */
function isProven({ crypto }: Context, { challenge }: Grant, verifier: string | null): boolean {
  if (challenge === null || verifier === null) return challenge === null && verifier === null
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  return equalBytes(utf8(base64url(crypto.sha256(utf8(verifier)))), utf8(challenge))
}
