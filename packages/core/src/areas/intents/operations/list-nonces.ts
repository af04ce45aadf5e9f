import * as z from 'zod'
import { AfterCommit, operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { chainUnavailable } from '../../signers/index.ts'
import { lanesOf, see } from '../gaps.ts'

const NonceBody = z
  .object({
    chain: z.string(),
    address: z.string(),
    next: z.int().describe('Nonce of the next transaction.'),
    pending: z.int().optional().describe('What the node expects next. Absent without a node.'),
    gaps: z.array(z.int()).describe('Nonces without a transaction. Later transactions wait for them.'),
  })
  .meta({ id: 'NonceLane' })

export const listNonces = operation({
  name: 'intents.nonces',
  summary: 'List the next nonce of each address of an agent, and the gaps that hold transactions up.',
  http: { method: 'GET', path: '/v1/agents/{agent_id}/nonces', status: 200, id: 'listNonces', tag: 'Transactions' },
  command: { name: 'nonces list', columns: ['chain', 'address', 'next', 'pending', 'gaps'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'nonce.list', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({ agent_id: agentOrMe() }),
  output: z.object({ nonces: z.array(NonceBody) }),
  errors: [agentNotFound, chainUnavailable],
  run: (context, { agent_id }) => {
    const lanes = lanesOf(context.unit, idOf(context, agent_id))
    return new AfterCommit({}, async (engine) => {
      const nonces: z.infer<typeof NonceBody>[] = []
      for (const one of lanes) {
        const seen = await see(engine, one)
        const { chain, address, next } = one.lane
        const gaps = (seen?.gaps ?? []).map(Number)
        nonces.push({ chain, address, next: Number(next), ...(seen && { pending: Number(seen.pending) }), gaps })
      }
      return { nonces }
    })
  },
})
