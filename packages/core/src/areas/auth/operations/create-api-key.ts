import * as z from 'zod'
import { invalidField, type PawlError } from '../../../kernel/errors.ts'
import { Secret } from '../../../kernel/secret.ts'
import {
  type AgentCaller,
  CommitThenThrow,
  type Context,
  confirmationNeeded,
  confirmField,
  confirmHeader,
  fields,
  hasScope,
  notAuthenticated,
  operation,
  principalOf,
  signedIn,
  type UserCaller,
} from '../../../operations/index.ts'
import {
  type ApiKey,
  apiKeyKind,
  findKey,
  isLocked,
  keyHash,
  keyPrefix,
  newKeyText,
  secondStepOf,
} from '../../credentials/index.ts'
import { passwordBytesMax } from '../../orgs/index.ts'
import { currentUser } from '../current-user.ts'
import { scopesExceeded, wrongOwnPassword } from '../errors.ts'
import { checkPassword } from '../password-check.ts'
import { ApiKeyBody, apiKeyBody } from '../schemas.ts'
import { earliest, isFresh } from '../sessions.ts'
import { tokens } from '../tokens.ts'

const scopesMax = 64
const scopeCharactersMax = 128

export const createApiKey = operation({
  name: 'auth.createApiKey',
  summary: 'Create a personal API key. The answer shows it once. Without your password, it ends with the session.',
  http: {
    method: 'POST',
    path: '/v1/auth/api-keys',
    status: 201,
    id: 'createApiKey',
    tag: 'API Keys',
    headers: confirmHeader,
  },
  command: {
    name: 'api-key create',
    positionals: ['name'],
    flags: { expires_at: 'expires e', auth_confirm: 'confirm' },
    columns: ['key.id', 'key.name', 'key.expires_at', 'api_key'],
  },
  effect: 'write',
  access: { signedIn: ['user'] },
  // A key that outlives the session needs a proof, and so does a key that would show values without the passkey of its user.
  confirms: { purpose: 'api_key.create', when: ({ context }) => isLocked(context) && !isDevice(context) },
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
      .describe(
        'When the key expires. Default: the latest possible time. Without your password, that is when your current session or key expires.',
      ),
    current_password: fields
      .optional(fields.secretText(passwordBytesMax))
      .describe(
        'Your password. Required, here or in X-Auth-Confirm, if the new key outlives your current session or key.',
      ),
    auth_confirm: confirmField(),
  }),
  output: z.object({ key: ApiKeyBody, api_key: fields.shownSecret() }),
  reveals: ['api_key'],
  errors: [notAuthenticated, scopesExceeded],
  run: (context, { name, scopes = [], expires_at: wantedEnd, current_password, auth_confirm }) => {
    const { unit, now, newId } = context
    const caller = signedIn(context)
    if (wantedEnd !== undefined && wantedEnd <= now) throw invalidField('expires_at', 'must be in the future')
    checkKnown(context.areas.scopes, scopes)
    const used = usedKey(context)
    if (used) checkScopes(used.scopes, scopes)
    const problem = current_password ? passwordProblem(context, current_password) : null
    if (problem) return new CommitThenThrow(problem)
    const credentialEnd =
      current_password || auth_confirm ? null : earliest(used?.expiresAt ?? null, endOfSession(caller))
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
      expiresAt: earliest(wantedEnd ?? null, credentialEnd),
      createdAt: now,
      lastUsedAt: null,
    }
    unit.put(apiKeyKind, key)
    return { key: apiKeyBody(key), api_key: Secret.of(text) }
  },
})

/** The key that the caller uses, directly or through a token. A new key gets at most the scopes of this key. */
function usedKey(context: Context): ApiKey | null {
  const { unit, origin, now } = context
  if (origin.trusted || !origin.bearer) return null
  const key = findKey(context, unit, origin.bearer, now)
  if (key) return key
  const claims = unit.waitFor(() => tokens(context).verify(origin.bearer ?? '', now))?.claims
  return claims?.key_id ? unit.get(apiKeyKind, claims.key_id) : null
}

/** The user allowed the device with a passkey. */
function isDevice({ caller }: Context): boolean {
  return caller.kind === 'user' && caller.session?.isDevice === true
}

/** With a second step, the password counts only right after the sign-in, which took it. */
function passwordProblem(context: Context, password: Secret<string>): PawlError | null {
  const user = currentUser(context)
  if (secondStepOf(context.unit, user.id) && !context.origin.trusted && !isFresh(context.caller, context.now)) {
    const reason = 'A password is not enough, because you have a second factor.'
    return confirmationNeeded({ purpose: 'api_key.create', reason })
  }
  return checkPassword(context, user, password) ? null : wrongOwnPassword()
}

/** The holder of a stolen token must not get a key that outlives the session (M18). */
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
