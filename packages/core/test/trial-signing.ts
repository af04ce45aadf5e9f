import * as z from 'zod'
import { agentKind, agentNotFound } from '../src/areas/agents/index.ts'
import { findChain, type RegisteredChain } from '../src/areas/chains/index.ts'
import { decide, type Reservation, refuse, release, reserve } from '../src/areas/guardrails/index.ts'
import { effectsOf } from '../src/families/effects.ts'
import { defineError } from '../src/kernel/errors.ts'
import { type Area, area, fields, operation } from '../src/operations/index.ts'
import { kind } from '../src/records/index.ts'

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
  input: z.object({ agent_id: fields.id(), units: z.bigint(), chain: z.string().default('base') }),
  output: z.object({ id: fields.id() }),
  errors: [agentNotFound, needsApproval],
  run: (context, { agent_id, units, chain: name }) => {
    const { unit, newId } = context
    const agent = unit.require(agentKind, agent_id, agentNotFound)
    const chain = findChain(unit, name) as RegisteredChain
    const transfers = [{ to: recipient, token: null, amount: units }]
    const effects = effectsOf({ native: units, overhead: 0n, transfers })
    const decision = decide(context, { agent, chain, signs: { type: 'transaction', effects } })
    if (decision.outcome === 'refused') return refuse(context, decision)
    if (decision.outcome === 'needs_approval') throw needsApproval()
    const signed = { id: newId(), reservation: reserve(context, decision) }
    unit.put(signedKind, signed)
    return { id: signed.id }
  },
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

export const trial = area({
  name: 'trial',
  operations: { sign, release: giveBack },
  kinds: [signedKind],
}) satisfies Area
