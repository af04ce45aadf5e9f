import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { isScrubbable } from '../../kernel/scrubber.ts'
import { Secret } from '../../kernel/secret.ts'
import { auditEvent, type Context, denied, fields, signedIn, type UserCaller } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type Agent, agentKeysVault, findAgentKeysVault } from '../agents/index.ts'
import { userKind } from '../orgs/index.ts'
import {
  checkKeyMaterial,
  currentVersion,
  findSecret,
  pathField,
  purgeNewest,
  putDeleted,
  readValue,
  secretAt,
  secretKind,
  secretNotFound,
  storeVersion,
} from '../secrets/index.ts'
import type { Binding, Credential } from './records.ts'

const bytesMax = 4_096

const credentialShape = {
  type: ['object', 'string'],
  minLength: 8,
  maxLength: bytesMax,
  additionalProperties: { type: 'string' },
  minProperties: 1,
  if: { minProperties: 2 },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['username', 'password'], maxProperties: 2 },
  writeOnly: true,
} as const

/** A string, an object with one string, or an object with username and password, as clients of the contract send it. */
export function credentialField() {
  return z
    .custom<unknown>(
      (given) => textOf(given) !== null,
      'must be a string, an object with one string, or an object with username and password',
    )
    .transform((given) => Secret.of(textOf(given) ?? ''))
    .refine(isScrubbable, 'must have at least 8 characters, so that Pawl can redact it')
    .refine((secret) => secret.reveal().length <= bytesMax, `must have at most ${bytesMax} characters`)
    .meta(credentialShape)
}

function textOf(given: unknown): string | null {
  if (given instanceof Secret) return textOf(given.reveal())
  if (typeof given === 'string') return given
  if (Array.isArray(given)) return null
  const texts: Readonly<Record<string, unknown>> = { ...(given as object | null) }
  const { username, password, ...others } = texts
  if (Object.keys(others).length === 0 && typeof username === 'string' && typeof password === 'string') {
    return `${username}:${password}`
  }
  const [only, ...more] = Object.values(texts)
  return typeof only === 'string' && more.length === 0 ? only : null
}

export const credentialFields = {
  credential: fields.optional(credentialField()),
  credential_source: fields
    .optional(
      z
        .object(
          {
            type: z.enum(['inline', 'vault_ref'], 'must be inline or vault_ref'),
            value: fields.optional(credentialField()),
            vault_id: fields.optional(fields.id()),
            path: fields.optional(pathField()),
          },
          'must be an object',
        )
        .meta({ id: 'CredentialSource' }),
    )
    .describe('{"type":"inline","value":…} or {"type":"vault_ref","vault_id":…,"path":…}.'),
}

type Given = { readonly [Field in keyof typeof credentialFields]?: z.output<(typeof credentialFields)[Field]> }

export function isGiven({ credential, credential_source }: Given): boolean {
  return credential !== undefined || credential_source !== undefined
}

/** Stages the credential of the input. Returns null if there is none. */
export function keepCredential(context: Context, agent: Agent, name: string, given: Given): Credential | null {
  const source = given.credential_source ?? (given.credential ? inline(given.credential) : null)
  if (source === null) return null
  if (source.type === 'inline') {
    if (!source.value) throw invalidField('credential_source', 'must have a value')
    return keepInline(context, agent.id, name, source.value)
  }
  const { type, vault_id: vaultId, path } = source
  if (!vaultId || !path) throw invalidField('credential_source', 'must have a vault_id and a path')
  // A user must be able to read the secret that they give to an agent (D5).
  secretAt(vaultId, path).authorize(context, 'read')
  const version = currentVersion(context, findSecret(context, vaultId, path))
  checkAgentKeys(agent, version.type)
  dropInline(context.unit, agent.id, name, context.now)
  return { type, by: signedIn(context).id, vaultId, path }
}

/** The form that clients of the older contract send. */
const inline = (value: Secret<string>) => ({ type: 'inline' as const, value, vault_id: undefined, path: undefined })

const pathOf = (agentId: string, name: string) => `agents/${agentId}/bindings/${name}`

/** Replaces the stored credential. Older versions are not kept. */
function keepInline(context: Context, agentId: string, name: string, value: Secret<string>): Credential {
  const { id: vaultId } = agentKeysVault(context)
  dropInline(context.unit, agentId, name, context.now)
  storeVersion(context, { vaultId, path: pathOf(agentId, name), value, type: 'api_key' })
  return { type: 'inline', by: signedIn(context).id }
}

/** Stages the deletion of an inline credential, if there is one. */
export function dropInline(unit: Unit, agentId: string, name: string, now: number): void {
  const vault = findAgentKeysVault(unit)
  const secret = vault && unit.find(secretKind, 'path', vault.id, pathOf(agentId, name))
  const rest = secret && purgeNewest(unit, secret)
  if (rest) putDeleted(unit, rest, now)
}

/** Reads the credential for one call. A secret of another vault requires the current permissions of its human. */
export function readCredential(
  context: Context,
  agent: Agent,
  { id, name, credential }: Binding,
): Secret<string> | null {
  if (credential === null) return null
  if (credential.type === 'inline') {
    const vault = findAgentKeysVault(context.unit)
    if (!vault) throw secretNotFound()
    return read(context, agent, vault.id, pathOf(agent.id, name)).value
  }
  const { vaultId, path } = credential
  const caller = humanBehind(context.unit, credential.by)
  secretAt(vaultId, path).authorize({ ...context, caller }, 'read')
  const { secret, version, value } = read(context, agent, vaultId, path)
  const details = { vault_id: vaultId, path, version, binding: id }
  context.unit.audit(auditEvent(context, { action: 'secret.read', resource: { type: 'secret', id: secret }, details }))
  return value
}

function read(context: Context, agent: Agent, vaultId: string, path: string) {
  const secret = findSecret(context, vaultId, path)
  const version = currentVersion(context, secret)
  checkAgentKeys(agent, version.type)
  return { secret: secret.id, version: version.number, value: readValue(context, secret, version) }
}

/** Throws if the agent cannot use a secret of this type. */
function checkAgentKeys({ intentsApiEnabled }: Agent, type: string): void {
  checkKeyMaterial({ kind: 'agent', readsKeys: !intentsApiEnabled }, type)
}

function humanBehind(unit: Unit, id: string): UserCaller {
  const user = unit.get(userKind, id)
  if (user?.status !== 'active') throw denied({ reason: 'The user who set the credential is no longer active.' })
  unit.check(userKind, user)
  return {
    kind: 'user',
    id,
    org: unit.org ?? '',
    role: user.role,
    authMethod: user.authMethod,
    keyScopes: [],
    session: null,
    delegation: null,
  }
}
