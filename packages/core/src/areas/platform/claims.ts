import { base64url, utf8 } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import { minute, second } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { type App, type Claim, type Connection, connectionKind } from './records.ts'
import { matchesOrigin } from './redirect-uris.ts'

// A claim link hands what an app made over to its user. The link stands in its connection, and not among the one-time
// links: a used or expired one must still be found, so that the visitor reads what became of it.

const claimLifeMs = 10 * minute
const claimSeconds = claimLifeMs / second

interface ClaimWanted {
  readonly returnTo: string | null
  readonly needsSignIn: boolean
}

/** A new claim. An earlier link of the connection stops working once it is stored. */
export function newClaim(
  context: Pick<Context, 'random' | 'crypto' | 'now'>,
  { returnTo, needsSignIn }: ClaimWanted,
): { readonly claim: Claim; readonly token: string } {
  const token = `ct_${base64url(context.random.bytes(32))}`
  const expiresAt = context.now + claimLifeMs
  const hash = hashOf(context, token)
  return { token, claim: { hash, expiresAt, redeemedAt: null, needsSignIn, returnTo, isExpiryTold: false } }
}

export type Claimed = Connection & { readonly claim: Claim }

/** The connection that a claim token is for, whether it was used, has expired or is open. */
export function findClaim(context: Pick<Context, 'unit' | 'crypto'>, token: string): Claimed | null {
  const found = context.unit.find(connectionKind, 'claim', hashOf(context, token))
  return found?.claim && found.status !== 'disconnected' ? { ...found, claim: found.claim } : null
}

/** What an answer says of a new link. */
export function claimBody({ settings }: Pick<Context, 'settings'>, { slug }: App, connectionId: string, token: string) {
  return {
    claim_url: Secret.of(`${settings.publicUrl.replace(/\/$/, '')}/connect/${slug}/claim/${token}`),
    claim_token: Secret.of(token),
    expires_in: claimSeconds,
    connection_id: connectionId,
  }
}

/** Where the user goes after the claim: a site of the app, so that the link leads to no other. */
export function returnToOf({ redirectUris }: App, given: string | undefined): string | null {
  if (given === undefined) return null
  if (!matchesOrigin(redirectUris, given)) {
    throw invalidField('return_to', 'must have the origin of a redirect URI of the app, or be a loopback address')
  }
  return given
}

function hashOf({ crypto }: Pick<Context, 'crypto'>, token: string): string {
  return base64url(crypto.sha256(utf8(`platform.claim ${token}`)))
}
