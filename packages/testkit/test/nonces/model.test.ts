import { type AnyChain, ChainRejected, ChainUnavailable } from '@pawl/core/ports'
import { describe, expect, it } from 'vitest'
import { isLong, times } from '../../../../tools/test-run/index.ts'
import { testPawl } from '../../src/world/index.ts'
import { quintModel } from '../quint.ts'

// Goal: nonces are right in every order in which engines ask, commit and send, and the engine does what the model does. Method: Quint
// simulates the model and checks its invariants; then what its store and its chain did is done again on a real engine.

const model = quintModel('nonces')
const to = '0x000000000000000000000000000000000000dEaD'
const tenMinutes = 600_000

interface State {
  readonly lane: bigint
  readonly last: {
    readonly what: 'nothing' | 'sign' | 'send' | 'replaced' | 'refuse' | 'foreign'
    readonly id: bigint
    readonly nonce: bigint
    readonly pending: bigint
  }
}

type Fate = 'send' | 'replaced' | 'refuse'

/** A chain that does with each transaction what the trace says, and does not answer before. */
function toldChain() {
  const told: { pending: bigint; readonly fates: Map<string, Fate>; readonly hashes: Map<string, string> } = {
    ...{ pending: 0n, fates: new Map(), hashes: new Map() },
  }
  const chain: AnyChain = {
    facts: { name: 'base', family: 'evm', chainId: 8_453n, decimals: 18 },
    balance: async () => 10n ** 24n,
    account: async () => ({ model: 'counter', next: told.pending }),
    fees: async () => ({ model: 'gas', base: 1n, priority: 1n }),
    tip: async () => ({ height: 1n, id: '0x', at: 0 }),
    status: async () => ({ state: 'pending' }),
    broadcast: async (signed) => {
      const bytes = `0x${Buffer.from(signed).toString('hex')}`
      const fate = told.fates.get(bytes)
      if (fate === 'replaced') throw new ChainRejected('nonce_used', 'The nonce is already used.')
      if (fate === 'refuse') throw new ChainRejected('insufficient_funds', 'Too little money.')
      if (fate === undefined) throw new ChainUnavailable('The node does not answer.')
      return told.hashes.get(bytes) ?? ''
    },
  }
  return { told, chain }
}

const outcomes = {
  send: { status: 'broadcast' },
  replaced: { status: 'failed', chain_state: 'replaced' },
  refuse: { status: 'failed', chain_state: 'refused' },
} as const

/** The same steps on a real engine: the same nonces, and the same lane. Answers how many of each it took. */
async function replayed(states: readonly State[]) {
  const { told, chain } = toldChain()
  await using world = await testPawl({ chains: ({ name }) => (name === 'base' ? chain : null) })
  const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true })
  await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  const signed = new Map<bigint, { readonly id: string; readonly bytes: string }>()
  const counts = { sign: 0, send: 0, replaced: 0, refuse: 0, foreign: 0 }
  for (const [at, { last, lane }] of states.entries()) {
    const { what, id, nonce, pending } = last
    if (what === 'nothing') continue
    counts[what]++
    const step = `step ${at}: ${what}`
    if (what === 'sign') {
      told.pending = pending
      const one = await as.intents.submit({ agent_id: 'me', chain: 'base', to, value: `0x${id.toString(16)}` })
      expect(one, step).toMatchObject({ status: 'signed', nonce: Number(nonce) })
      signed.set(id, { id: one.id, bytes: one.signed_tx ?? '' })
      told.hashes.set(one.signed_tx ?? '', one.tx_hash ?? '')
    } else if (what !== 'foreign') {
      const { id: tx_id, bytes } = signed.get(id) ?? { id: '', bytes: '' }
      told.fates.set(bytes, what)
      world.clock.advance(tenMinutes)
      await world.pawl.runJobs()
      expect(await as.intents.get({ agent_id: 'me', tx_id }), step).toMatchObject(outcomes[what])
    }
    const { nonces } = await as.intents.nonces({ agent_id: 'me' })
    expect(nonces[0]?.next ?? 0, step).toBe(Number(lane))
  }
  return counts
}

const isModelChecked = isLong('the models of nonces and of the ledger, by themselves')

describe('the model of the nonces', () => {
  it.runIf(isModelChecked)('gives no two transactions the same nonce, and loses none', async () => {
    expect(await model.simulate(800)).toContain('[ok] No violation found')
  })

  it.runIf(isModelChecked)(
    'would find an engine that commits without looking whether the lane has changed',
    async () => {
      const found = await model.simulateChanged(500, 'CHECKS_VERSION = true', 'CHECKS_VERSION = false')
      expect(found).toContain('[violation]')
    },
  )

  it.runIf(isModelChecked)('would find a lane that gives back a nonce which is not the latest', async () => {
    const found = await model.simulateChanged(500, 'val isLatest = lane == tx.nonce + 1', 'val isLatest = true')
    expect(found).toContain('[violation]')
  })

  it('gives, sends and gives back what a real engine does, trace by trace', async () => {
    const count = times('traces of nonces that an engine repeats', { quick: 5, whole: 20 })
    const traces = await model.traces<State>(count)
    expect(traces).toHaveLength(count)
    const total = { sign: 0, send: 0, replaced: 0, refuse: 0, foreign: 0 }
    for (const states of traces) {
      const counts = await replayed(states)
      for (const what of Object.keys(total) as (keyof typeof total)[]) total[what] += counts[what]
    }
    for (const number of Object.values(total)) expect(number).toBeGreaterThan(count / 5)
  })
})
