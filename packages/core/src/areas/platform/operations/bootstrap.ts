import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { Secret } from '../../../kernel/secret.ts'
import {
  agreementErrors,
  agreementField,
  CommitThenThrow,
  type Context,
  fields,
  operation,
  tierLimitReached,
} from '../../../operations/index.ts'
import { directoryKind } from '../../orgs/index.ts'
import { bootstrapNotAgreed, makeResources } from '../bootstrap.ts'
import { bootstrapBefore, keepBootstrap, nameBootstrap } from '../bootstrap-once.ts'
import { claimBody, newClaim, returnToOf } from '../claims.ts'
import { appConnection } from '../connections.ts'
import { count, countStatus } from '../counts.ts'
import { alreadyBootstrapped, connectionNotFound, templateInactive } from '../errors.ts'
import { tell } from '../events.ts'
import { type App, type Connection, connectionKind } from '../records.ts'
import { ClaimBody } from '../schemas.ts'
import { builtInSpec, fillSpec, type ResolvedSpec, readSpec } from '../template-spec.ts'
import { templateFor } from '../templates.ts'

const Summary = z
  .object({
    vault_id: fields.id().nullable(),
    agent_id: fields.id().nullable(),
    agent_ids: z.array(fields.id()),
    policy_ids: z.array(fields.id()),
    signing_key_chains: z.array(z.string()),
    agent_api_key: fields.shownSecret().nullable().describe('Key of the first agent. It is shown once.'),
    agent_api_keys: z
      .array(z.object({ agent_id: fields.id(), api_key: fields.shownSecret() }))
      .describe('The keys of all agents. They are shown once.'),
    agent_evm_address: z.string().nullable(),
    signing_keys: z.array(
      z.object({
        agent_id: fields.id(),
        chain: z.string(),
        curve: z.string(),
        public_key: z.string(),
        address: z.string(),
      }),
    ),
    runtime_ids: z.array(z.string()),
    automation_ids: z.array(z.string()),
  })
  .meta({ id: 'BootstrapSummary' })

const output = ClaimBody.extend({ summary: Summary })
type Answer = z.infer<typeof output>

const input = z.object({
  connection_id: fields.id(),
  template_id: fields
    .optional(fields.id())
    .describe('Default: the newest active template, or one vault and one agent.'),
  template_name: fields.optional(fields.text(255, 1)).describe('Name of the template, in place of its ID.'),
  parameters: fields.optional(fields.freeObject()).describe('What {{params.name}} in the template stands for.'),
  return_to: fields.optional(fields.text(2_048, 1)).describe('Where the user goes after the claim.'),
  auth_mode: fields
    .optional(z.enum(['silent', 'user_signin'], 'must be silent or user_signin'))
    .describe('Whether this user signs in to claim. Only for apps with auth_mode configurable. Default: silent.'),
  approval_id: agreementField(),
})

type Given = z.output<typeof input>

export const bootstrap = operation({
  name: 'platform.bootstrap',
  summary:
    'Make the vault, agents and policies of a template for a user: all of it or nothing. The answer shows keys, once.',
  http: {
    method: 'POST',
    path: '/v1/platform/connections/{connection_id}/bootstrap',
    status: 201,
    id: 'bootstrapPlatformUser',
    tag: 'Platform',
  },
  command: {
    name: 'app bootstrap',
    columns: ['claim_url', 'summary.vault_id', 'summary.agent_id', 'summary.agent_api_key'],
  },
  effect: 'write',
  access: { signedIn: ['user', 'app'] },
  actsElsewhere: true,
  idempotent: 'own',
  // What was made, for whom and by which app stands in events of both organisations.
  audit: 'none',
  input,
  output,
  reveals: ['claim_url', 'claim_token', 'summary.agent_api_key', 'summary.agent_api_keys.api_key'],
  errors: [connectionNotFound, templateInactive, alreadyBootstrapped, tierLimitReached, ...agreementErrors],
  run: (context, given) => {
    const { app, connection } = appConnection(context, given.connection_id)
    context.unit.enter(connection.org)
    const named = nameBootstrap(context, connection.id, given)
    const before = named && bootstrapBefore(context, named)
    if (before) return readAnswer(before as unknown as Answer)
    const answer = bootstrapOnce(context, app, connection, given)
    if (answer instanceof CommitThenThrow) return answer
    if (named) keepBootstrap(context, named, answer)
    return answer
  },
})

function bootstrapOnce(context: Context, app: App, connection: Connection, given: Given): Answer | CommitThenThrow {
  const { unit } = context
  if (isBootstrapped(connection)) throw alreadyBootstrapped()
  const spec = specFor(context, app, connection, given)
  const refused = bootstrapNotAgreed(context, connection, spec, given.approval_id)
  if (refused) return new CommitThenThrow(refused)
  const { claim, token } = newClaim(context, {
    returnTo: returnToOf(app, given.return_to),
    needsSignIn: needsSignIn(app, given),
  })
  const { vaultId, agents, policyIds, signingKeys } = makeResources(context, connection, spec)
  const agentIds = agents.map(({ id }) => id)
  const [first] = agents
  const status = connection.status === 'pending' ? 'active' : connection.status
  unit.put(connectionKind, {
    ...connection,
    status,
    claim,
    vaultIds: [...connection.vaultIds, ...(vaultId ? [vaultId] : [])],
    agentIds: [...connection.agentIds, ...agentIds],
    policyIds,
    bootstrappedAt: context.now,
  })
  countStatus(unit, app.id, connection.status, status)
  count(unit, app.id, 'bootstraps', 1)
  tell(context, connection, 'platform.bootstrap.completed', { vault_id: vaultId, agent_ids: agentIds })
  return {
    ...claimBody(context, app, connection.id, token),
    summary: {
      vault_id: vaultId,
      agent_id: first?.id ?? null,
      agent_ids: agentIds,
      policy_ids: [...policyIds],
      signing_key_chains: [...new Set(signingKeys.map(({ chain }) => chain))],
      agent_api_key: first?.key ?? null,
      agent_api_keys: agents.map(({ id, key }) => ({ agent_id: id, api_key: key })),
      agent_evm_address:
        signingKeys.find((key) => key.agentId === first?.id && key.chain === 'ethereum')?.address ?? null,
      signing_keys: signingKeys.map(({ agentId, chain, curve, publicKey, address }) => {
        return { agent_id: agentId, chain, curve, public_key: publicKey, address }
      }),
      runtime_ids: [],
      automation_ids: [],
    },
  }
}

function isBootstrapped({ bootstrappedAt }: Connection): boolean {
  return bootstrappedAt !== null
}

function specFor(context: Context, app: App, connection: Connection, given: Given): ResolvedSpec {
  const template = templateFor(context, app.id, { id: given.template_id, name: given.template_name })
  const { userId, externalSubject } = connection
  const subject = {
    user_id: userId,
    external_subject: externalSubject,
    email: context.unit.get(directoryKind, userId)?.email ?? null,
  }
  const spec = fillSpec(template?.spec ?? builtInSpec, { params: given.parameters ?? {}, subject })
  return readSpec(spec, context.areas)
}

function needsSignIn({ authMode }: App, { auth_mode }: Given): boolean {
  if (authMode === 'configurable') return auth_mode === 'user_signin'
  if (auth_mode !== undefined && auth_mode !== authMode) {
    throw invalidField('auth_mode', `must be left out, because the app has auth_mode ${authMode}`)
  }
  return authMode === 'user_signin'
}

/** An answer that was kept as JSON, with its secrets as secrets. */
function readAnswer(kept: Answer): Answer {
  const secret = (text: unknown) => Secret.of(String(text))
  const { claim_url, claim_token, summary } = kept
  return {
    ...kept,
    claim_url: secret(claim_url),
    claim_token: secret(claim_token),
    summary: {
      ...summary,
      agent_api_key: summary.agent_api_key === null ? null : secret(summary.agent_api_key),
      agent_api_keys: summary.agent_api_keys.map((one) => ({ ...one, api_key: secret(one.api_key) })),
    },
  }
}
