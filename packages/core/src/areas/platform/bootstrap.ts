import type { PawlError } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import { auditEvent, type Context, created, type UserCaller } from '../../operations/index.ts'
import { agentKeysVault, makeAgent } from '../agents/index.ts'
import { userKind } from '../orgs/index.ts'
import { newPolicy } from '../policies/index.ts'
import { provision, type SigningKey } from '../signers/index.ts'
import { newVault, type Vault, vaultKind } from '../vaults/index.ts'
import { connectionNotFound } from './errors.ts'
import type { Connection } from './records.ts'
import { type ResolvedSpec, shownSpec } from './template-spec.ts'

interface MadeAgent {
  readonly id: string
  readonly key: Secret<string>
}

export interface Made {
  readonly vaultId: string | null
  readonly agents: readonly MadeAgent[]
  readonly policyIds: readonly string[]
  readonly signingKeys: readonly SigningKey[]
}

/**
 * Stages everything of a spec for the user of a connection, in one unit: all of it is stored or nothing. The unit is in the
 * organisation of the user, and the user owns what is made.
 */
export function makeResources(context: Context, connection: Connection, spec: ResolvedSpec): Made {
  const acting = asUser(context, connection)
  const vaultId = spec.vault && makeVault(acting, context, connection, spec.vault)
  const keysVault = spec.agents.length > 0 ? agentKeysVault(acting) : undefined
  const agents = makeAgents(acting, context, connection, spec, keysVault)
  const policyIds = spec.policies.map(({ agent, pattern, permissions, conditions }) => {
    const principal = { kind: 'agent', id: agents[agent]?.id ?? '' } as const
    const wanted = { vault_id: vaultId ?? '', secret_path_pattern: pattern, permissions, conditions }
    const { id } = newPolicy(acting, principal, wanted)
    tell(context, 'policy.create', 'policy', id, { vault_id: vaultId, pattern, principal: `agent:${principal.id}` })
    return id
  })
  const signingKeys = spec.signingKeys.map(({ agent, chain }) => {
    const agentId = agents[agent]?.id ?? ''
    const key = provision(acting, { agentId, chain, custody: 'vault', ...(keysVault && { keysVault }) })
    tell(context, 'signing_key.create', 'signing_key', key.id, { agent_id: agentId, chain, address: key.address })
    return key
  })
  return { vaultId, agents, policyIds, signingKeys }
}

/**
 * The refusal of a bootstrap that people of the organisation of the user must agree to first, or null. They agree to the spec as it
 * is made, so the app cannot change its template afterwards. The request is in the name of the user, who then cannot vote on it.
 */
export function bootstrapNotAgreed(
  context: Context,
  connection: Connection,
  spec: ResolvedSpec,
  approvalId: string | undefined,
): PawlError | null {
  const actions = [
    ...(spec.agents.length > 0 ? [{ action: 'agent.create', vaultId: null }] : []),
    ...(spec.policies.length > 0 ? [{ action: 'policy.create', vaultId: null }] : []),
  ]
  const { id: connectionId, appId, appOrg } = connection
  const { caller, ...acting } = asUser(context, connection)
  // The trail of the user says that the app asked.
  const delegation = { appId, appOrg, connectionId, vaults: [], agentIds: [] }
  const input = { connection_id: connectionId, app_id: appId, spec: shownSpec(spec) }
  return context.areas.agree(
    { ...acting, caller: { ...caller, delegation } },
    { actions, input, approvalId, about: () => ({}) },
  )
}

/** The user as the caller, because the objects of a bootstrap belong to the user. The audit trail names the app. */
function asUser(context: Context, { org, userId }: Connection): Context & { readonly caller: UserCaller } {
  const user = context.unit.get(userKind, userId)
  if (user?.status !== 'active') throw connectionNotFound()
  const caller = {
    kind: 'user',
    id: userId,
    org,
    role: user.role,
    authMethod: 'platform',
    keyScopes: [],
    session: null,
    delegation: null,
  } as const
  return { ...context, caller }
}

function makeVault(
  acting: Context,
  context: Context,
  { id: connection, userId }: Connection,
  { name, description }: NonNullable<ResolvedSpec['vault']>,
): string {
  const free = freeName(acting, name, connection)
  const createdBy = { kind: 'user', id: userId } as const
  const vault = newVault(acting, { name: free, description, createdBy, connection })
  created(acting, 'vault', vault.id)
  tell(context, 'vault.create', 'vault', vault.id, { name: free })
  return vault.id
}

/** Names of vaults are unique in an organisation, and all users of an app have the same template. */
function freeName({ unit }: Context, name: string, connectionId: string): string {
  if (!unit.find(vaultKind, 'name', name)) return name
  const short = `${name} ${connectionId.slice(0, 8)}`
  return unit.find(vaultKind, 'name', short) ? `${name} ${connectionId}` : short
}

function makeAgents(
  acting: Context,
  context: Context,
  { id }: Connection,
  { agents }: ResolvedSpec,
  keysVault: Vault | undefined,
): MadeAgent[] {
  return agents.map((wanted) => {
    const { agent, key = Secret.of('') } = makeAgent(acting, wanted, {
      connection: id,
      ...(keysVault && { keysVault }),
    })
    created(acting, 'agent', agent.id)
    tell(context, 'agent.register', 'agent', agent.id, { name: agent.name })
    return { id: agent.id, key }
  })
}

function tell(
  context: Context,
  action: string,
  type: string,
  id: string,
  details: Readonly<Record<string, string | null>>,
): void {
  context.unit.audit(auditEvent(context, { action, resource: { type, id }, details }))
}
