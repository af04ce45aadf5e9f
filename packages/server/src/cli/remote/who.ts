import { PawlError, type PawlHttpClient } from '@pawl/core/client'
import { type Connection, clientAt, isOfAgent } from './connection.ts'

export interface Identity {
  readonly kind: 'user' | 'agent'
  readonly id: string
  readonly name: string
  readonly org: string
  readonly role?: string
}

/** The identity of a credential: a user or, if the server refuses that, an agent. */
export async function identityAt(place: Connection): Promise<Identity> {
  const client = clientAt(place)
  // The server would refuse the first question, and note the refusal in the trail of the agent.
  if (isOfAgent(place)) return agentAt(client)
  try {
    const { id, email, org_id, role } = await client.auth.me()
    return { kind: 'user', id, name: email, org: org_id, role }
  } catch (error) {
    if (!(error instanceof PawlError && error.kind === 'denied')) throw error
    return agentAt(client)
  }
}

async function agentAt({ agents }: PawlHttpClient): Promise<Identity> {
  const { id, name, org_id } = await agents.me()
  return { kind: 'agent', id, name, org: org_id }
}
