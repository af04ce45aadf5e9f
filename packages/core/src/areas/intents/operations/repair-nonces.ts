import * as z from 'zod'

import {
  type Actor,
  AfterCommit,
  actorOf,
  type Engine,
  fields,
  operation,
  signedIn,
  unitContext,
} from '../../../operations/index.ts'
import { type Agent, agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import { guardrailViolated } from '../../guardrails/index.ts'
import { chainNotConfigured, chainUnavailable, keyUnusable, requireNodes } from '../../signers/index.ts'
import { complete } from '../complete.ts'
import { type Lane, lanesOf, see } from '../gaps.ts'
import { nonceLaneKind, openTransactionKind, transactionKind } from '../records.ts'
import { pending } from '../submit.ts'

const filledAtOnce = 16

export const repairNonces = operation({
  name: 'intents.repairNonces',
  summary:
    'Repair the gaps of nonces on a chain. The next transaction fills a gap, or, if others wait behind it, the agent pays itself nothing with each missing nonce.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/nonces/repair',
    status: 200,
    id: 'repairNonces',
    tag: 'Transactions',
  },
  command: { name: 'nonces repair', positionals: ['agent_id', 'chain'] },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'nonce.repair', resource: 'agent', about: ({ agent_id, chain }) => ({ id: agent_id, chain }) },
  input: z.object({ agent_id: fields.id(), chain: fields.text(64, 1).describe('Name of a chain, such as base.') }),
  output: z.object({
    reset: z.array(z.string()).describe('Addresses whose next nonce is what the node expects again.'),
    filled: z.array(z.int()).describe('Nonces that a transaction has now.'),
  }),
  errors: [agentNotFound, chainNotConfigured, chainUnavailable, guardrailViolated, keyUnusable],
  run: (context, { agent_id, chain }) => {
    const agent = context.unit.require(agentKind, agent_id, agentNotFound)
    const lanes = lanesOf(context.unit, agent_id).filter((one) => one.lane.chain === chain)
    const signing = { org: signedIn(context).org, by: actorOf(context) }
    return new AfterCommit({}, (engine) => repair(engine, signing, agent, lanes))
  },
})

async function repair(engine: Engine, signing: { org: string; by: Actor }, agent: Agent, lanes: readonly Lane[]) {
  const reset: string[] = []
  const filled: number[] = []
  for (const one of lanes) {
    requireNodes(engine, one.chain)
    const seen = await see(engine, one)
    const [first] = seen?.gaps ?? []
    if (!seen || first === undefined) continue
    if ([...one.live].every((nonce) => nonce < first)) {
      await setNext(engine, signing.org, one, first)
      reset.push(one.lane.address)
      continue
    }
    for (const nonce of seen.gaps.slice(0, filledAtOnce)) {
      await fill(engine, signing, agent, one, nonce)
      filled.push(Number(nonce))
    }
  }
  return { reset, filled }
}

/** Sets the next nonce of a lane, unless the lane has changed meanwhile because of a signature. */
async function setNext({ records }: Engine, org: string, { lane }: Lane, next: bigint): Promise<void> {
  await records.transactIn(org, (unit) => {
    const now = unit.get(nonceLaneKind, lane.id)
    if (now?.next === lane.next) unit.put(nonceLaneKind, { ...now, next: next.toString() })
  })
}

/** A transaction of nothing to itself, which passes the guardrails like any other. */
async function fill(
  engine: Engine,
  signing: { org: string; by: Actor },
  agent: Agent,
  { lane, chain }: Lane,
  nonce: bigint,
): Promise<void> {
  const { address: from } = lane
  const request = { to: from, value: 0n, fields: { nonce: nonce.toString() } }
  const id = await engine.records.transactIn(signing.org, (unit) => {
    const context = unitContext(engine, unit)
    const prepared = { agent, chain, from, request, unit: 'base' } as const
    const one = pending(context, prepared, { signing_key_path: undefined, simulate_first: false }, 'submit')
    unit.put(transactionKind, one)
    unit.put(openTransactionKind, { id: one.id, org: signing.org, dueAt: context.now + 120_000, tries: 0 })
    return one.id
  })
  await complete(engine, signing, id)
}
