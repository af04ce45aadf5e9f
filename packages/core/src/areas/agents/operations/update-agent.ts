import * as z from 'zod'
import { invalidField, type PawlError } from '../../../kernel/errors.ts'
import type { Schema } from '../../../kernel/schema.ts'
import {
  agentFields as agentFieldTypes,
  auditEvent,
  CommitThenThrow,
  type Context,
  cascadeAndWait,
  changedSettings,
  fields,
  operation,
  settingsOf,
} from '../../../operations/index.ts'
import { apiKeyKind } from '../../credentials/index.ts'
import { agentAt, isLockedFor, lockedAgent } from '../access.ts'
import { agentsAgentSettings } from '../agent-settings.ts'
import { checkVaults, requireFuture } from '../checks.ts'
import { agentNotFound } from '../errors.ts'
import { type Agent, agentKind } from '../records.ts'
import {
  AgentBody,
  agentBodies,
  agentFields,
  agentSchema,
  eachClearable,
  eachOptional,
  settingFields,
} from '../schemas.ts'

const { name, intents_api_enabled, ...clearable } = agentFields

const ownInput = z.object({
  agent_id: fields.id(),
  is_active: z.boolean('must be true or false').optional().describe('Whether the agent can sign in.'),
  ...eachOptional({ name, intents_api_enabled }),
  environment: fields.clearable(agentFieldTypes.environment()),
  ...eachClearable(clearable),
})

/** The settings that areas contribute stand beside the fields of the agent itself. */
type Input = z.output<typeof ownInput> & Readonly<Record<string, unknown>>

export const updateAgent = operation({
  name: 'agents.update',
  summary: 'Update the given fields of an agent. Null resets a field to its default. Changes take effect at once.',
  http: { method: 'PATCH', path: '/v1/agents/{agent_id}', status: 200, id: 'updateAgent', tag: 'Agents' },
  command: {
    flags: {
      description: 'description d',
      expires_at: 'expires e',
      is_active: 'active',
      intents_api_enabled: 'intents-api',
      shroud_enabled: 'shroud',
      token_ttl_seconds: 'token-ttl',
    },
  },
  effect: 'write',
  access: { permission: 'lifecycle', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  delegable: true,
  audit: {
    action: 'agent.update',
    resource: 'agent',
    about: ({ agent_id, ...named }) => ({ id: agent_id, fields: Object.keys(named).sort() }),
  },
  input: ownInput as Schema<Input, z.input<typeof ownInput> & Readonly<Record<string, unknown>>>,
  output: AgentBody,
  joined: (areas) => ({
    input: ownInput.extend(settingFields(areas.agentSettings, 'changed')),
    output: agentSchema(areas),
  }),
  errors: [agentNotFound],
  run: (context, given) => {
    const before = context.unit.require(agentKind, given.agent_id, agentNotFound)
    checkLock(context, before, given)
    checkChange(context, before, given)
    const agent = changed(context, before, given)
    const refused = refusalOf(context, before, agent)
    if (refused) return new CommitThenThrow(refused)
    context.unit.put(agentKind, agent)
    if (agent.apiKeyExpiresAt !== before.apiKeyExpiresAt) moveKeyEnd(context, agent)
    if (before.isActive && !agent.isActive) {
      context.unit.audit(auditEvent(context, { action: 'agent.deactivate', resource: { type: 'agent', id: agent.id } }))
      cascadeAndWait(context, 'disabled', 'agent', agent.id)
    }
    return agentBodies(context, [agent])[0] as AgentBody
  },
})

/** The fields that others may change of an agent that an app made for a user, and an app of any agent. They give no access. */
const lifecycleFields = ['agent_id', 'is_active', 'name', 'description']

function checkLock({ caller }: Context, agent: Agent, given: Input): void {
  const isForUser = caller.kind === 'user' && caller.delegation === null && !isLockedFor(caller, agent)
  const named = Object.keys(given).filter((name) => given[name] !== undefined)
  if (!isForUser && !named.every((name) => lifecycleFields.includes(name))) throw lockedAgent()
}

function checkChange(context: Context, before: Agent, given: Input): void {
  requireFuture(context, given, 'expires_at')
  requireFuture(context, given, 'api_key_expires_at')
  if (before.authMethod !== 'api_key' && given.api_key_expires_at) {
    throw invalidField('api_key_expires_at', 'is only for agents that sign in with an API key')
  }
  const moves = given.environment !== undefined && given.environment !== before.environment
  // The stored setting decides. So a caller must lift the lock in a separate request first.
  if (moves && settingsOf(agentsAgentSettings, before.settings).environment_locked) {
    throw invalidField('environment', 'is locked. Set environment_locked to false first')
  }
  const bound = given.vault_ids ?? []
  checkVaults(
    context,
    bound.filter((id) => !before.vaultIds.includes(id)),
  )
}

/** Another area can refuse a change of the settings that it declares. */
function refusalOf(context: Context, before: Agent, after: Agent): PawlError | null {
  for (const change of context.areas.agentChanges) {
    const refused = change(context, before, after)
    if (refused) return refused
  }
  return null
}

function changed({ areas }: Context, before: Agent, given: Input): Agent {
  const isActive = given.is_active ?? before.isActive
  return {
    ...before,
    name: given.name ?? before.name,
    description: or(given.description, before.description, ''),
    isActive,
    // Older tokens stay void when the agent is enabled again.
    epoch: before.isActive && !isActive ? before.epoch + 1 : before.epoch,
    expiresAt: or<number | null>(given.expires_at, before.expiresAt, null),
    apiKeyExpiresAt: or<number | null>(given.api_key_expires_at, before.apiKeyExpiresAt, null),
    scopes: or(given.scopes, before.scopes, []),
    vaultIds: [...new Set(or(given.vault_ids, before.vaultIds, []))],
    tokenTtlSeconds: or<number | null>(given.token_ttl_seconds, before.tokenTtlSeconds, null),
    intentsApiEnabled: given.intents_api_enabled ?? before.intentsApiEnabled,
    environment: or<string | null>(given.environment, before.environment, null),
    settings: changedSettings(areas.agentSettings, before.settings, given),
  }
}

function or<T>(wanted: T | null | undefined, before: T, cleared: T): T {
  return wanted === undefined ? before : (wanted ?? cleared)
}

/** The key that was given out last ends when the agent says; one that is being replaced keeps the end it was given. */
function moveKeyEnd({ unit }: Context, { apiKeyId, apiKeyExpiresAt }: Agent): void {
  const key = apiKeyId === null ? null : unit.get(apiKeyKind, apiKeyId)
  if (key) unit.put(apiKeyKind, { ...key, expiresAt: apiKeyExpiresAt })
}
