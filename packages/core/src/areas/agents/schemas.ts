import * as z from 'zod'
import { parseGlob } from '../../kernel/globs.ts'
import { rfc3339 } from '../../kernel/time.ts'
import {
  type AgentSetting,
  type AgentSettings,
  type Context,
  fields,
  type JoinedAreas,
  type StoredSettings,
} from '../../operations/index.ts'
import type { Agent } from './records.ts'

/** The fields of an agent that every response shows. */
const shownFacts = {
  id: fields.id(),
  name: z.string(),
  description: z.string(),
  scopes: z.array(z.string()),
  is_active: z.boolean(),
  intents_api_enabled: z.boolean(),
  shroud_enabled: z.boolean(),
  shroud_config: fields.shownObject().optional(),
  ssh_public_key: z.string().optional(),
  ecdh_public_key: z.string().optional(),
  created_at: fields.shownTime(),
  expires_at: fields.shownTime().optional(),
  last_active_at: fields.shownTime().optional(),
  platform_locked: z
    .boolean()
    .optional()
    .describe('Whether a platform app made the agent. Only the user it was made for changes it.'),
}

/** An agent without the settings that areas contribute. */
const agentShape = {
  ...shownFacts,
  auth_method: z.enum(['api_key', 'mtls', 'oidc_client_credentials']),
  vault_ids: z.array(fields.id()),
  token_ttl_seconds: fields.count().optional(),
  environment: z.string().optional(),
  api_key_expires_at: fields.shownTime().optional(),
  tx_max_value_eth: z.string().optional(),
  tx_daily_limit_eth: z.string().optional(),
}

/** An agent for its managers, with the settings of these areas and what they add. */
export function agentSchema({ agentSettings, agentAdditions }: Joined) {
  const shown = Object.entries(agentSettings).map(([name, { shown, schema }]) => [name, (shown ?? schema).optional()])
  const added = agentAdditions.flatMap(({ fields: more }) => Object.entries(more))
  const addedShape = Object.fromEntries(added.map(([name, schema]) => [name, schema.optional()]))
  return z.object({ ...Object.fromEntries(shown), ...addedShape, ...agentShape }).meta({ id: 'Agent' })
}

type Joined = Pick<JoinedAreas, 'agentSettings' | 'agentAdditions'>

/** Without settings. In an engine, `joined` of the operation adds the settings of its areas. */
export const AgentBody = z.object(agentShape).meta({ id: 'Agent' })

export type AgentBody = z.infer<typeof AgentBody>

/** The input fields for these settings. When an agent is created, null and a missing field mean the default. */
export function settingFields(settings: AgentSettings, when: 'made' | 'changed'): Record<string, z.ZodType> {
  const wanted = Object.entries(settings).filter(([, { isFixed }]) => when === 'made' || !isFixed)
  const fieldOf = ({ schema, isClearable }: AgentSetting) =>
    when === 'made' || isClearable ? schema.nullish() : schema.optional()
  return Object.fromEntries(wanted.map(([name, setting]) => [name, fieldOf(setting)]))
}

/** An agent as it sees itself. */
export const AgentSelfBody = z
  .object({ ...shownFacts, org_id: fields.id(), created_by: fields.id() })
  .meta({ id: 'AgentSelf' })

export type AgentSelfBody = z.infer<typeof AgentSelfBody>

/** Default values are omitted, so that strict clients of the older contract get no unknown fields. */
export function agentBody(agent: Agent): AgentBody {
  const { settings } = agent
  return {
    ...(settings as Partial<AgentBody>),
    ...facts(agent),
    auth_method: agent.authMethod,
    vault_ids: [...agent.vaultIds],
    token_ttl_seconds: agent.tokenTtlSeconds ?? undefined,
    environment: agent.environment ?? undefined,
    api_key_expires_at: shown(agent.apiKeyExpiresAt),
    // The two limits under their older names, from the time when every chain was Ethereum.
    tx_max_value_eth: textIn(settings, 'tx_max_value'),
    tx_daily_limit_eth: textIn(settings, 'tx_daily_limit'),
  }
}

/** Agents with fields of other areas, such as their spending today. */
export function agentBodies(context: Context, agents: readonly Agent[]): AgentBody[] {
  const ids = agents.map(({ id }) => id)
  const added = context.areas.agentAdditions.map((addition) => addition.of(context, ids))
  return agents.map((agent, at) => Object.assign({}, ...added.map((values) => values[at]), agentBody(agent)))
}

export function selfBody(agent: Agent, org: string): AgentSelfBody {
  return { ...facts(agent), org_id: org, created_by: agent.createdBy.id }
}

function facts(agent: Agent) {
  return {
    id: agent.id,
    name: agent.name,
    description: agent.description,
    scopes: [...agent.scopes],
    is_active: agent.isActive,
    intents_api_enabled: agent.intentsApiEnabled,
    shroud_enabled: agent.settings.shroud_enabled === true,
    shroud_config: objectIn(agent.settings, 'shroud_config'),
    ssh_public_key: agent.sshPublicKey ?? undefined,
    ecdh_public_key: agent.ecdhPublicKey ?? undefined,
    created_at: rfc3339(agent.createdAt),
    expires_at: shown(agent.expiresAt),
    last_active_at: shown(agent.lastActiveAt),
    platform_locked: agent.connection === undefined ? undefined : true,
  }
}

function textIn(settings: StoredSettings, name: string): string | undefined {
  const value = settings[name]
  return typeof value === 'string' ? value : undefined
}

function objectIn(settings: StoredSettings, name: string) {
  const value = settings[name]
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as StoredSettings) : undefined
}

function shown(time: number | null): string | undefined {
  return time === null ? undefined : rfc3339(time)
}

const scopesMax = 100
const vaultsMax = 100
const ttlSecondsMin = 60
const ttlSecondsMax = 30 * 24 * 60 * 60

/** A glob over paths, or a label such as `vaults:read`, which does not affect path checks. */
const scope = () =>
  z
    .string('must be a string')
    .max(512, 'must have at most 512 characters')
    .refine(
      (given) => /^[a-z0-9_.*-]+(?::[a-z0-9_.*-]+)+$/i.test(given) || 'pattern' in parseGlob(given),
      'must be a path pattern, such as db/**',
    )

/** The input fields for creating and updating an agent. */
export const agentFields = {
  name: fields.name().describe('Display name.'),
  description: fields.text(4_096).describe('Purpose, in your own words.'),
  scopes: z
    .array(scope(), 'must be a list')
    .max(scopesMax, `must have at most ${scopesMax} entries`)
    .describe('Path patterns that limit the agent, such as db/**. Default: only its policies limit it.'),
  vault_ids: z
    .array(fields.id(), 'must be a list')
    .max(vaultsMax, `must have at most ${vaultsMax} entries`)
    .describe('Vaults that the agent may use. Default: any vault that a policy opens.'),
  expires_at: fields.time().describe('When the agent expires. Default: never.'),
  api_key_expires_at: fields.time().describe('When the API key of the agent expires.'),
  token_ttl_seconds: fields.count(ttlSecondsMax, ttlSecondsMin).describe('Lifetime of the agent’s tokens, in seconds.'),
  intents_api_enabled: z
    .boolean('must be true or false')
    .describe('Whether the agent signs with keys that it cannot read.'),
}

type Shape = Readonly<Record<string, z.ZodType>>

/** Makes each field optional. */
export function eachOptional<S extends Shape>(shape: S) {
  return mapped(shape, (field) => field.optional()) as { [Name in keyof S]: z.ZodOptional<S[Name]> }
}

/** Makes each field optional and nullable. */
export function eachClearable<S extends Shape>(shape: S) {
  return mapped(shape, (field) => field.nullish()) as { [Name in keyof S]: z.ZodOptional<z.ZodNullable<S[Name]>> }
}

function mapped(shape: Shape, change: (field: z.ZodType) => z.ZodType): unknown {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, change(field)]))
}
