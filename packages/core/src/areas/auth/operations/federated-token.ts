import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { Secret } from '../../../kernel/secret.ts'
import {
  type AgentCaller,
  type Caller,
  CommitThenThrow,
  type Context,
  fields,
  operation,
  useProof,
} from '../../../operations/index.ts'
import { type Agent, agentKind } from '../../agents/index.ts'
import { authenticate } from '../authenticate.ts'
import { federationRefused, invalidProof, nonceWanted, notAnAgent } from '../errors.ts'
import { stageFederated, stageFederationRefused } from '../events.ts'
import { audienceProblem, federationOf, federatedToken as makeToken, scopesFor } from '../federation.ts'

const subjectBytesMax = 8_192
const audienceCharactersMax = 2_048
const scopeCharactersMax = 8_192
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'
const keyType = 'urn:1claw:params:oauth:token-type:api-key'
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'

export const federatedToken = operation({
  name: 'auth.federatedToken',
  summary: 'Exchange the token or API key of an agent for a token that identifies it to another service (RFC 8693).',
  http: {
    method: 'POST',
    path: '/v1/auth/federated-token',
    status: 200,
    id: 'exchangeFederatedToken',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: 'public',
  // The subject is the actor, and it is known only here. So the operation stages its own events.
  audit: 'none',
  input: z.object({
    grant_type: z
      .literal(grantType, `must be ${grantType}`)
      .default(grantType)
      .describe('Always the token exchange of RFC 8693.'),
    subject_token: fields
      .optional(fields.secretText(subjectBytesMax))
      .describe('Token or API key of the agent. Default: the bearer token of the request.'),
    // Clients call every credential a JWT, so the credential itself decides.
    subject_token_type: z.enum([jwtType, keyType], `must be ${jwtType} or ${keyType}`).default(jwtType),
    audience: fields
      .text(audienceCharactersMax, 1)
      .meta({ format: 'uri' })
      .describe('Service that the token is for. The federation_audiences of the agent must list it.'),
    scope: fields
      .optional(fields.text(scopeCharactersMax))
      .describe('Scopes of the agent that the token has, separated by spaces. Default: all of them.'),
    requested_token_type: fields
      .optional(z.literal(jwtType, `must be ${jwtType}`))
      .describe('Type of the new token. Only a JWT is possible.'),
  }),
  output: z
    .object({
      access_token: fields.shownSecret(),
      issued_token_type: z.string(),
      token_type: z.literal('Bearer'),
      expires_in: z.int(),
      scope: z.string(),
    })
    .meta({ id: 'FederatedToken' }),
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'subject_token', by: 'program' }],
  errors: [notAnAgent, federationRefused, invalidProof, nonceWanted],
  run: (context, { subject_token, audience, scope }) => {
    const problem = audienceProblem(audience)
    if (problem) throw invalidField('audience', problem)
    const { agent, caller } = subjectOf(context, subject_token)
    const refused = refusalOf(agent, audience)
    if (refused) {
      stageFederationRefused(context, agent.id, audience)
      return new CommitThenThrow(federationRefused({ reason: refused }))
    }
    const scopes = scopesFor(context, agent, scope)
    const { token, expiresIn } = makeToken(context, agent, { audience, scopes, endsAt: caller.session?.expiresAt })
    stageFederated(context, agent.id, { audience, expires_in: expiresIn })
    return {
      access_token: Secret.of(token),
      issued_token_type: jwtType,
      token_type: 'Bearer' as const,
      expires_in: expiresIn,
      scope: scopes.join(' '),
    }
  },
})

/** The agent behind a credential. It passes everything that a request with this credential must pass. */
function subjectOf(context: Context, shown: Secret<string> | undefined): { agent: Agent; caller: AgentCaller } {
  const { unit } = context
  const isShown = shown !== undefined && shown.reveal() !== context.origin.bearer
  const caller = isShown ? callerOf(context, shown) : context.caller
  if (caller.kind !== 'agent') throw notAnAgent()
  unit.enter(caller.org)
  const agent = unit.get(agentKind, caller.id)
  if (!agent) throw notAnAgent()
  return { agent, caller }
}

function callerOf(context: Context, shown: Secret<string>): Caller {
  const { unit, origin, now, areas } = context
  const caller = authenticate(context, unit, { ...origin, trusted: undefined, bearer: shown.reveal() }, now)
  if (caller.kind === 'anonymous') return caller
  for (const admits of areas.admissions) admits(unit, caller, origin)
  if (caller.session?.proof) useProof(unit, caller.session.proof)
  return caller
}

/** Why this agent gets no token for the audience; null if it gets one. */
function refusalOf(agent: Agent, audience: string): string | null {
  const { federation_enabled: isEnabled, federation_audiences: audiences = [] } = federationOf(agent)
  if (!isEnabled) return 'Set federation_enabled of the agent to let it get tokens for other services.'
  return audiences.includes(audience) ? null : 'The federation_audiences of the agent do not list this audience.'
}
