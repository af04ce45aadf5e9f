import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import type { Schema } from '../../../kernel/schema.ts'
import type { Secret } from '../../../kernel/secret.ts'
import {
  type AgentSettings,
  agentFields as agentFieldTypes,
  agreementField,
  type Context,
  changedSettings,
  created,
  fields,
  operation,
  principalOf,
  signedIn,
  tierLimitReached,
} from '../../../operations/index.ts'
import { directoryKind } from '../../orgs/index.ts'
import { type Vault, vaultNotFound } from '../../vaults/index.ts'
import { issueKey } from '../agent-key.ts'
import { agentKeysVault, keepIdentity } from '../agent-keys-vault.ts'
import { checkVaults, requireFuture } from '../checks.ts'
import { newIdentity } from '../identity.ts'
import { type Agent, agentKind } from '../records.ts'
import { AgentBody, agentBody, agentFields, agentSchema, eachClearable, settingFields } from '../schemas.ts'

const { name, ...optionalFields } = agentFields

const described = z.object({
  name,
  auth_method: fields
    .optional(
      z.enum(['api_key', 'mtls', 'oidc_client_credentials'], 'must be api_key, mtls or oidc_client_credentials'),
    )
    .describe('How the agent signs in. Default: api_key.'),
  environment: fields.optional(agentFieldTypes.environment()),
  ...eachClearable(optionalFields),
})

const ownInput = described.extend({ approval_id: agreementField() })

/** The settings that areas contribute stand beside the fields of the agent itself. */
type Input = z.output<typeof described> & Readonly<Record<string, unknown>>

export type NewAgentInput = Input

/** The input fields of a new agent, with the settings of all areas. */
export function newAgentInput(agentSettings: AgentSettings, input = described): z.ZodType<NewAgentInput> {
  return input.extend(settingFields(agentSettings, 'made')) as unknown as z.ZodType<NewAgentInput>
}

const output = <B extends z.ZodType>(agent: B) => z.object({ agent, api_key: fields.shownSecret().optional() })

export const createAgent = operation({
  name: 'agents.create',
  summary: 'Create an agent. The answer shows its API key, once. Only the method api_key has a key.',
  http: { method: 'POST', path: '/v1/agents', status: 201, id: 'createAgent', tag: 'Agents' },
  command: {
    positionals: ['name'],
    flags: {
      description: 'description d',
      expires_at: 'expires e',
      intents_api_enabled: 'intents-api',
      shroud_enabled: 'shroud',
      token_ttl_seconds: 'token-ttl',
    },
    columns: ['agent.id', 'agent.name', 'api_key'],
  },
  effect: 'write',
  access: { signedIn: ['user'] },
  delegable: true,
  governed: [{ action: 'agent.create' }],
  audit: { action: 'agent.register', resource: 'agent', about: ({ name }, made) => ({ id: made?.agent.id, name }) },
  input: ownInput as Schema<Input, z.input<typeof ownInput> & Readonly<Record<string, unknown>>>,
  output: output(AgentBody),
  joined: (areas) => ({
    input: newAgentInput(areas.agentSettings, ownInput),
    output: output(agentSchema(areas)),
  }),
  reveals: ['api_key'],
  errors: [vaultNotFound, tierLimitReached],
  run: (context, given) => {
    requireFuture(context, given, 'expires_at')
    requireFuture(context, given, 'api_key_expires_at')
    checkKeyExpiry(given)
    checkVaults(context, given.vault_ids ?? [])
    const { agent, key } = makeAgent(context, given, { connection: delegatedBy(context) })
    created(context, 'agent', agent.id)
    return { agent: agentBody(agent), api_key: key }
  },
})

/**
 * Stages an agent of the caller, with its identity and, if it signs in with a key, its key.
 */
export function makeAgent(
  context: Context,
  given: Input,
  { connection, keysVault = agentKeysVault(context) }: Making = {},
): { agent: Agent; key: Secret<string> | undefined } {
  const { unit } = context
  const identity = newIdentity(context)
  const bare = newAgent(
    context,
    { ...given, connection },
    { ssh: identity.ssh.publicKey, ecdh: identity.ecdh.publicKey },
  )
  const { agent, key } = bare.authMethod === 'api_key' ? issueKey(context, bare) : { agent: bare, key: undefined }
  unit.put(agentKind, agent)
  unit.put(directoryKind, { id: agent.id, kind: 'agent', org: signedIn(context).org, email: null })
  keepIdentity(context, agent.id, identity, keysVault)
  return { agent, key }
}

interface Making {
  /** The connection of a platform app that makes the agent for the caller. */
  readonly connection?: string | undefined
  /** The vault of agent keys, for a unit that makes several agents. */
  readonly keysVault?: Vault
}

function delegatedBy({ caller }: Context): string | undefined {
  return caller.kind === 'user' ? caller.delegation?.connectionId : undefined
}

/** The expiry of a key says nothing about an agent that has none. */
function checkKeyExpiry({ auth_method, api_key_expires_at }: Input): void {
  if ((auth_method ?? 'api_key') !== 'api_key' && api_key_expires_at) {
    throw invalidField('api_key_expires_at', 'is only for agents that sign in with an API key')
  }
}

function newAgent(
  context: Context,
  given: Input & Pick<Agent, 'connection'>,
  publicKeys: { ssh: string; ecdh: string },
): Agent {
  return {
    id: context.newId(),
    name: given.name,
    description: given.description ?? '',
    authMethod: given.auth_method ?? 'api_key',
    isActive: true,
    expiresAt: given.expires_at ?? null,
    apiKeyId: null,
    apiKeyExpiresAt: given.api_key_expires_at ?? null,
    scopes: given.scopes ?? [],
    vaultIds: [...new Set(given.vault_ids)],
    tokenTtlSeconds: given.token_ttl_seconds ?? null,
    intentsApiEnabled: given.intents_api_enabled ?? false,
    environment: given.environment ?? null,
    settings: changedSettings(context.areas.agentSettings, {}, given),
    sshPublicKey: publicKeys.ssh,
    ecdhPublicKey: publicKeys.ecdh,
    epoch: 0,
    createdBy: principalOf(signedIn(context)),
    createdAt: context.now,
    lastActiveAt: null,
    connection: given.connection,
  }
}
