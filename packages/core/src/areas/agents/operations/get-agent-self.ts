import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { agentNotFound } from '../errors.ts'
import { agentKind } from '../records.ts'
import { AgentSelfBody, selfBody } from '../schemas.ts'

export const getAgentSelf = operation({
  name: 'agents.me',
  summary: 'Get the profile of the calling agent.',
  http: { method: 'GET', path: '/v1/agents/me', status: 200, id: 'getAgentSelf', tag: 'Agents' },
  effect: 'read',
  access: { signedIn: ['agent'] },
  // Agents call this before each use of a tool, and learn nothing about other callers.
  audit: 'none',
  input: z.object({}),
  output: AgentSelfBody,
  errors: [agentNotFound],
  run: (context) => {
    const { id, org } = signedIn(context)
    return selfBody(context.unit.require(agentKind, id, agentNotFound), org)
  },
})
