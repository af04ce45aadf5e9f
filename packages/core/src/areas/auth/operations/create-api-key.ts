import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { Secret } from '../../../kernel/secret.ts'
import {
  type AgentCaller,
  CommitThenThrow,
  type Context,
  fields,
  hasScope,
  notAuthenticated,
  operation,
  principalOf,
  signedIn,
  type UserCaller,
} from '../../../operations/index.ts'
import { type ApiKey, apiKeyKind, findKey, keyHash, keyPrefix, newKeyText } from '../../credentials/index.ts'
import { passwordBytesMax } from '../../orgs/index.ts'
import { currentUser } from '../current-user.ts'
import { scopesExceeded, wrongOwnPassword } from '../errors.ts'
import { checkPassword } from '../password-check.ts'
import { ApiKeyBody, apiKeyBody } from '../schemas.ts'
import { tokens } from '../tokens.ts'

const scopesMax = 64
const scopeCharactersMax = 128

export const createApiKey = operation({
  name: 'auth.createApiKey',
  summary: 'Create a personal API key. The answer shows it once. Without your password, it ends with the session.',
  http: { method: 'POST', path: '/v1/auth/api-keys', status: 201, id: 'createApiKey', tag: 'API Keys' },
  command: {
    name: 'api-key create',
    positionals: ['name'],
    flags: { expires_at: 'expires e' },
    columns: ['key.id', 'key.name', 'key.expires_at', 'api_key'],
  },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'api_key.create',
    resource: 'api_key',
    about: ({ name }, made) => ({ id: made?.key.id, name }),
  },
  input: z.object({
    name: fields.name(),
    scopes: fields
      .optional(z.array(fields.text(scopeCharactersMax, 1)).max(scopesMax))
      .describe(
        'What the key may do: an area and read, write or *, such as secrets:read. Default: all that its user may do.',
      ),
    expires_at: fields
      .optional(fields.time())
      .describe('When the key expires. Default: never, or without your password, at the end of the session.'),
    current_password: fields
      .optional(fields.secretText(passwordBytesMax))
      .describe('Your password. A key that outlives the session of a token needs it. Also read from X-Auth-Confirm.'),
  }),
  output: z.object({ key: ApiKeyBody, api_key: fields.shownSecret() }),
  reveals: ['api_key'],
  errors: [notAuthenticated, scopesExceeded],
  run: (context, { name, scopes = [], expires_at: wantedEnd, current_password }) => {
    const { unit, now, newId } = context
    const caller = signedIn(context)
    if (wantedEnd !== undefined && wantedEnd <= now) throw invalidField('expires_at', 'must be in the future')
    checkKnown(context.areas.scopes, scopes)
    const used = usedKey(context)
    if (used) checkScopes(used.scopes, scopes)
    if (current_password && !checkPassword(context, currentUser(context), current_password)) {
      return new CommitThenThrow(wrongOwnPassword())
    }
    const sessionEnd = current_password ? null : endOfSession(caller)
    const text = newKeyText(context, 'user')
    const key: ApiKey = {
      id: newId(),
      org: caller.org,
      principal: principalOf(caller),
      name,
      prefix: keyPrefix(text),
      hash: keyHash(context, text),
      scopes,
      isActive: true,
      expiresAt: earlier(earlier(wantedEnd ?? null, used?.expiresAt ?? null), sessionEnd),
      createdAt: now,
      lastUsedAt: null,
    }
    unit.put(apiKeyKind, key)
    return { key: apiKeyBody(key), api_key: Secret.of(text) }
  },
})

/** The key the caller is using, be it as it is or through a token: what it makes goes no further than itself. */
function usedKey(context: Context): ApiKey | null {
  const { unit, origin, now } = context
  if (origin.trusted || !origin.bearer) return null
  const key = findKey(context, unit, origin.bearer, now)
  if (key) return key
  const claims = unit.waitFor(() => tokens(context).verify(origin.bearer ?? '', now))?.claims
  return claims?.key_id ? unit.get(apiKeyKind, claims.key_id) : null
}

/** A stolen token must not become a key that outlives its session (M18). A key ends when it says so itself. */
function endOfSession({ session }: UserCaller | AgentCaller): number | null {
  return session?.tokenId ? session.expiresAt : null
}

/** A misspelt scope would limit the key to nothing, or be taken for a limit that is none. */
function checkKnown(known: readonly string[], wanted: readonly string[]): void {
  const isUnknown = wanted.some((scope) => !known.includes(scope))
  if (isUnknown) throw invalidField('scopes', `must be of these: ${known.join(', ')}`)
}

/** A key without scopes may do what its user may. */
function checkScopes(own: readonly string[], wanted: readonly string[]): void {
  if (hasScope(own, '*')) return
  const excess = wanted.filter((scope) => !hasScope(own, scope))
  if (excess.length > 0 || wanted.length === 0) throw scopesExceeded({ excess })
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}
