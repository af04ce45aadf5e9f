import type * as z from 'zod'
import { type Context, fields } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type App, findAppBySlug, matchesRedirect } from '../platform/index.ts'
import { redirectRefused, refusedAs, unknownClientId } from './errors.ts'
import { isPureLink, type Scope, scopesIn } from './scopes.ts'

// The request of an app to let it know something about a user (RFC 6749, section 4.1.1).

const uriCharactersMax = 2_048
const textCharactersMax = 2_048

/** All are read as text here, and checked by `requestOf`, whose errors are those of OAuth. */
export const requestFields = {
  client_id: fields.text(128, 1).describe('Slug of the platform app.'),
  redirect_uri: fields
    .optional(fields.text(uriCharactersMax).meta({ format: 'uri' }))
    .describe('Where the user goes afterwards, exactly as registered. Only the scope link alone needs none.'),
  scope: fields
    .optional(fields.text(512))
    .describe('openid, profile, email, wallet, offline_access and link, separated by spaces. Default: openid.'),
  state: fields.optional(fields.text(textCharactersMax)).describe('Comes back with the answer.'),
  code_challenge: fields
    .optional(fields.text(128))
    .describe('PKCE: SHA-256 of the code_verifier in base64url. Only the scope link alone needs none.'),
  code_challenge_method: fields.optional(fields.text(16)).describe('Must be S256.'),
  nonce: fields.optional(fields.text(512)).describe('Comes back in the ID token.'),
}

type Given = { readonly [Field in keyof typeof requestFields]?: z.output<(typeof requestFields)[Field]> }

export interface AuthorizeRequest {
  readonly app: App
  readonly scopes: readonly Scope[]
  readonly redirectUri: string | null
  readonly state: string | null
  readonly challenge: string | null
  readonly nonce: string | null
}

/** Reads a request. First who asks and where the answer goes, because other errors may be told there. */
export function requestOf({ unit }: Pick<Context, 'unit'>, given: Given, responseType = 'code'): AuthorizeRequest {
  const app = appOf(unit, given.client_id ?? '')
  const redirectUri = redirectOf(app, given.redirect_uri)
  if (responseType !== 'code') throw refusedAs('unsupported_response_type', 'response_type must be code.')
  const scopes = scopesIn(given.scope)
  if (redirectUri === null && !isPureLink(scopes)) {
    throw refusedRedirect('redirect_uri is missing. Only the scope link alone needs none.')
  }
  return {
    ...{ app, scopes, redirectUri, state: given.state ?? null, nonce: given.nonce ?? null },
    challenge: challengeOf(given, scopes),
  }
}

function appOf(unit: Unit, clientId: string): App {
  const app = findAppBySlug(unit, clientId)
  if (!app) throw unknownClientId()
  return app
}

function redirectOf({ redirectUris }: App, given: string | undefined): string | null {
  if (given === undefined || given === '') return null
  if (!matchesRedirect(redirectUris, given)) {
    throw refusedRedirect('redirect_uri is not registered for this app. It must be exactly as registered.')
  }
  return given
}

function refusedRedirect(error_description: string) {
  return redirectRefused({ error: 'invalid_request', error_description })
}

function challengeOf({ code_challenge, code_challenge_method: method }: Given, scopes: readonly string[]) {
  if (code_challenge === undefined) {
    if (isPureLink(scopes) && method === undefined) return null
    throw refusedAs('invalid_request', 'code_challenge is missing. Every code needs PKCE with S256.')
  }
  if (method !== 'S256') throw refusedAs('invalid_request', 'code_challenge_method must be S256.')
  if (!/^[A-Za-z0-9_-]{43}$/.test(code_challenge)) {
    throw refusedAs('invalid_request', 'code_challenge must be a SHA-256 digest in base64url, which has 43 characters.')
  }
  return code_challenge
}

/** The place of the answer, with these parameters beside its own. The issuer tells answers of servers apart (RFC 9207). */
export function answerUrl(
  { settings }: Pick<Context, 'settings'>,
  { redirectUri, state, app }: Pick<AuthorizeRequest, 'redirectUri' | 'state' | 'app'>,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const url = new URL(redirectUri ?? `${settings.publicUrl}/oauth/linked?app=${encodeURIComponent(app.slug)}`)
  if (redirectUri === null) return url.href
  const told: typeof parameters = { ...parameters, state: state ?? undefined, iss: settings.publicUrl }
  for (const [name, value] of Object.entries(told)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}
