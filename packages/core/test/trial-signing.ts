import * as z from 'zod'
import { agentKind, agentNotFound } from '../src/areas/agents/index.ts'
import { askForApproval, useApproval } from '../src/areas/approvals/index.ts'
import { findChain, type RegisteredChain } from '../src/areas/chains/index.ts'
import {
  decide,
  ExplanationBody,
  explain,
  type Reservation,
  refuse,
  release,
  reserve,
  settle,
} from '../src/areas/guardrails/index.ts'
import { effectsOf } from '../src/families/index.ts'
import { defineError } from '../src/kernel/errors.ts'
import { type Area, area, type Context, fields, operation } from '../src/operations/index.ts'
import { kind } from '../src/records/index.ts'

/** The action that a human approves. */
const action = 'trial.sign'

// An area that signs nothing, but asks the guardrails as one does that signs.

interface Signed {
  readonly id: string
  readonly reservation: Reservation | null
}

const signedKind = kind<Signed>('trial.signed')
const notSigned = defineError('trial_not_signed', 'not_found', 'Nothing was signed under this ID.')
const needsApproval = defineError('trial_needs_approval', 'conflict', 'A human must approve.')

const recipient = '0xa11ce00000000000000000000000000000000001'

const sign = operation({
  name: 'trial.sign',
  summary: 'Ask the guardrails about one payment, and take what it needs of the budgets.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({
    agent_id: fields.id(),
    units: z.bigint(),
    chain: z.string().default('base'),
    overhead: z.bigint().default(0n),
  }),
  output: z.object({ id: fields.id() }),
  errors: [agentNotFound, needsApproval],
  run: (context, { agent_id, units, chain: name, overhead }) => {
    const { unit, newId } = context
    const decision = decide(context, requestFor(context, { agent_id, units, name, overhead }))
    if (decision.outcome === 'refused') return refuse(context, decision)
    if (decision.outcome === 'needs_approval') throw needsApproval()
    const signed = { id: newId(), reservation: reserve(context, decision) }
    unit.put(signedKind, signed)
    return { id: signed.id }
  },
})

interface Payment {
  readonly agent_id: string
  readonly units: bigint
  readonly name: string
  readonly overhead: bigint
}

function requestFor({ unit }: Pick<Context, 'unit'>, { agent_id, units, name, overhead }: Payment) {
  const agent = unit.require(agentKind, agent_id, agentNotFound)
  const chain = findChain(unit, name) as RegisteredChain
  const transfers = [{ to: recipient, token: null, amount: units }]
  const effects = effectsOf({ native: units, overhead, transfers })
  return { agent, chain, signs: { type: 'transaction' as const, effects } }
}

/** Decides about the final bytes of a payment that was decided about as a draft. */
const again = operation({
  name: 'trial.again',
  summary: 'Ask once more about a payment, with its fees.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ id: fields.id(), agent_id: fields.id(), units: z.bigint(), overhead: z.bigint() }),
  output: z.object({ id: fields.id() }),
  errors: [notSigned],
  run: (context, { id, ...payment }) => {
    const { unit } = context
    const { reservation: held } = unit.require(signedKind, id, notSigned)
    const decision = decide(context, { ...requestFor(context, { ...payment, name: 'base' }), held })
    if (decision.outcome === 'refused') return refuse(context, decision)
    unit.put(signedKind, { id, reservation: reserve(context, decision) })
    return { id }
  },
})

const mined = operation({
  name: 'trial.mined',
  summary: 'Say what the fees of a payment were.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ id: fields.id(), fees: z.bigint() }),
  output: z.object({}),
  errors: [notSigned],
  run: (context, { id, fees }) => {
    const { reservation } = context.unit.require(signedKind, id, notSigned)
    if (reservation) context.unit.put(signedKind, { id, reservation: settle(context, reservation, fees) })
    return {}
  },
})

const explainOne = operation({
  name: 'trial.explain',
  summary: 'Say what each rule says of a payment.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ agent_id: fields.id(), units: z.bigint() }),
  output: ExplanationBody,
  errors: [agentNotFound],
  run: (context, input) => explain(context, requestFor(context, { ...input, name: 'base', overhead: 1n })),
})

const giveBack = operation({
  name: 'trial.release',
  summary: 'Give back what a payment has taken.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ id: fields.id() }),
  output: z.object({ was: z.string() }),
  errors: [notSigned],
  run: (context, { id }) => {
    const { unit } = context
    const { reservation } = unit.require(signedKind, id, notSigned)
    if (!reservation) throw notSigned()
    unit.put(signedKind, { id, reservation: release(context, reservation) })
    return { was: reservation.state }
  },
})

const ask = operation({
  name: 'trial.ask',
  summary: 'Ask a human to approve bytes.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ agent_id: fields.id(), payload_hash: z.string() }),
  output: z.object({ id: fields.id() }),
  errors: [agentNotFound],
  run: (context, { agent_id, payload_hash: payloadHash }) => {
    const agent = context.unit.require(agentKind, agent_id, agentNotFound)
    const { id } = askForApproval(context, {
      ...{ requestedBy: { kind: 'agent', id: agent_id }, agent, action, target: { type: 'transaction', id: '7' } },
      ...{ summary: { to: recipient }, payload: { bytes: payloadHash }, payloadHash },
    })
    return { id }
  },
})

const use = operation({
  name: 'trial.use',
  summary: 'Use an approval for bytes.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ approval_id: fields.id(), agent_id: fields.id(), payload_hash: z.string() }),
  output: z.object({ used: z.boolean() }),
  errors: [],
  run: (context, { approval_id: approvalId, agent_id: agentId, payload_hash: payloadHash }) => ({
    used: useApproval(context, { approvalId, agentId, action, payloadHash }) !== null,
  }),
})

/** Like an area that signs: it remembers what it was told to carry out. */
const carriedKind = kind<{ readonly id: string }>('trial.carried', { indexes: { all: { key: () => [] } } })

const carried = operation({
  name: 'trial.carried',
  summary: 'List what was carried out.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({}),
  output: z.object({ carried: z.array(z.string()) }),
  errors: [],
  run: ({ unit }) => ({ carried: unit.list(carriedKind, 'all').map(({ id }) => id) }),
})

export const trial = area({
  name: 'trial',
  operations: { sign, again, mined, explain: explainOne, release: giveBack, ask, use, carried },
  kinds: [signedKind, carriedKind],
  carriesOut: {
    [action]: {
      approved: ({ unit }, { id, payload }) => {
        if ((payload as { bytes: string }).bytes.startsWith('bad')) throw needsApproval()
        unit.put(carriedKind, { id })
      },
    },
  },
}) satisfies Area
