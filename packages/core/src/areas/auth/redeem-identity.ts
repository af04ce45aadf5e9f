import { uuidPattern } from '../../kernel/ids.ts'
import type { Secret } from '../../kernel/secret.ts'
import { type Context, perEngine } from '../../operations/index.ts'
import { type Agent, agentKind, isLive, noteActive } from '../agents/index.ts'
import { isBlocked } from '../credentials/index.ts'
import { issuers, type Verified } from '../issuers/index.ts'
import { directoryKind, standInOf } from '../orgs/index.ts'
import { stageFailure, stageSuccess } from './events.ts'

// Agents without an API key: one shows a client certificate, another a token of its OIDC issuer. What an agent must show is a
// fixed part of its record.

/** An issuer may have verified the token for these names of this server, and for no other. */
function audiencesOf({ settings }: Context): readonly string[] {
  return [settings.publicUrl, `${settings.publicUrl}/`, `${settings.publicUrl}/v1/auth/agent-token`]
}

/**
 * The agent with this ID, if the request shows the client certificate of the agent. Stages the audit event. Null: refused, for
 * any reason. The caller must commit the unit in that case too.
 */
export function redeemCertificate(context: Context, agentId: string | undefined): Agent | null {
  const shown = context.origin.clientCertificate ?? null
  return redeem(context, agentId, 'mtls', (agent) => {
    const wanted = fingerprintOf(agent.settings.client_cert_fingerprint)
    return shown !== null && wanted !== null && shown === wanted ? null : 'Another certificate was shown.'
  })
}

/** The same for a token of the OIDC issuer of the agent. */
export function redeemAssertion(
  context: Context,
  agentId: string | undefined,
  assertion: Secret<string>,
): Agent | null {
  return redeem(context, agentId, 'oidc', (agent) => {
    const { oidc_issuer: issuer, oidc_client_id: clientId } = agent.settings
    if (typeof issuer !== 'string' || typeof clientId !== 'string') return 'The agent has no issuer.'
    const verified = context.unit.waitFor(() => assertions(context)(assertion.reveal(), issuer, audiencesOf(context)))
    if ('refused' in verified) return verified.refused
    return clientOf(verified.claims) === clientId ? null : 'It is for another client.'
  })
}

const assertions = perEngine(
  (engine) =>
    (token: string, issuer: string, audiences: readonly string[]): Promise<Verified> =>
      issuers(engine).verify(token, { issuer, audiences }),
)

/** The client that a token was issued to. Issuers that name none identify the client as the subject. */
function clientOf({ azp, client_id, appid, sub }: Readonly<Record<string, unknown>>): unknown {
  return azp ?? client_id ?? appid ?? sub
}

const methodOf = { mtls: 'mtls', oidc: 'oidc_client_credentials' } as const

function redeem(
  context: Context,
  agentId: string | undefined,
  method: 'mtls' | 'oidc',
  problemOf: (agent: Agent) => string | null,
): Agent | null {
  const { unit, now } = context
  const standIn = standInOf(context, agentId ?? '')
  const named = agentId !== undefined && uuidPattern.test(agentId) ? unit.get(directoryKind, agentId) : null
  // An unknown ID costs the same reads, event and commit. Only a known agent can cause a request to its issuer.
  const entry = named?.kind === 'agent' ? named : standIn
  if (!entry) return null
  unit.enter(entry.org)
  const agent = unit.get(agentKind, entry.id)
  const principal = { kind: 'agent', id: entry.id } as const
  const signsIn = agent !== null && isLive(agent, now) && !isBlocked(agent, now)
  const isOfMethod = signsIn && agent.authMethod === methodOf[method]
  const problem = isOfMethod ? problemOf(agent) : 'The agent does not sign in so, or not any more.'
  if (!agent || problem !== null) {
    stageFailure(context, principal, method, problem ?? undefined)
    return null
  }
  noteActive(context, entry.org, agent, now)
  stageSuccess(context, principal, method)
  return agent
}

/** As people write it: with colons, in capitals, with the name of the hash in front. */
function fingerprintOf(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const digits = text
    .toLowerCase()
    .replace(/^sha-?256[:=]/, '')
    .replace(/[:\s]/g, '')
  return /^[0-9a-f]{64}$/.test(digits) ? digits : null
}
