import { invalidField } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import { type AgentCaller, type Caller, CommitThenThrow, type Context, useProof } from '../../operations/index.ts'
import { type Agent, agentKind } from '../agents/index.ts'
import { authenticate } from './authenticate.ts'
import { federationRefused, invalidProof, nonceWanted, notAnAgent } from './errors.ts'
import { stageFederated, stageFederationRefused } from './events.ts'
import { audienceProblem, federationOf, federatedToken as makeToken, scopesFor } from './federation.ts'

export const jwtType = 'urn:ietf:params:oauth:token-type:jwt'
export const exchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** What `exchangeSubject` can throw. */
export const exchangeErrors = [notAnAgent, federationRefused, invalidProof, nonceWanted]

export interface Asked {
  /** Default: the bearer of the request. */
  readonly subject_token?: Secret<string> | undefined
  readonly audience: string
  readonly scope?: string | undefined
}

/** Exchanges the credential of an agent for a token that identifies it to another service (RFC 8693). */
export function exchangeSubject(context: Context, { subject_token, audience, scope }: Asked) {
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
}

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
