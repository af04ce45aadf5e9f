import { PawlError } from '@pawl/core'
import { describe, expect, it } from 'vitest'
import { isLong, times } from '../../../../tools/test-run/index.ts'
import { trial } from '../../../core/test/trial-signing.ts'
import { testPawl } from '../../src/world/index.ts'
import { quintModel } from '../quint.ts'

// Goal: the ledger is right in every order in which engines read and commit, and the engine does what the model does. Method:
// Quint simulates the model and checks its invariants; then what its store did is done again on a real engine, step by step.

const model = quintModel('ledger')
const ether = 10n ** 18n
/** Three ticks are 24 hours. */
const tickMs = 8 * 3_600_000

interface Step {
  readonly what: 'nothing' | 'sign' | 'release' | 'tick'
  readonly amount: bigint
  readonly id: bigint
  readonly isGranted: boolean
}

/** The same steps on a real engine: it must grant and refuse the same. Answers how many of each it took. */
async function replayed(steps: readonly Step[]) {
  await using world = await testPawl({ areas: [trial] })
  const agent = await world.agent({ name: 'payer', tx_daily_limit: '10' })
  const caller = world.pawl.as({ user: world.ownerId })
  const signed = new Map<bigint, string>()
  const counts = { sign: 0, refused: 0, release: 0, tick: 0 }
  for (const [at, { what, amount, id, isGranted }] of steps.entries()) {
    if (what === 'tick') world.clock.advance(tickMs)
    if (what === 'release') await caller.trial.release({ id: signed.get(id) ?? '' })
    if (what === 'sign') {
      const answer = await caller.trial
        .sign({ agent_id: agent.id, units: amount * ether })
        .catch((error: unknown) => error)
      expect(answer instanceof PawlError, `step ${at} of ${steps.length}`).toBe(!isGranted)
      if (!(answer instanceof PawlError)) signed.set(id, (answer as { id: string }).id)
    }
    counts[what === 'sign' && !isGranted ? 'refused' : (what as 'sign')] += 1
  }
  return counts
}

const isModelChecked = isLong('the models of nonces and of the ledger, by themselves')

describe('the model of the ledger', () => {
  it.runIf(isModelChecked)(
    'never signs more than the limit in any window, and refuses only what has no room',
    async () => {
      expect(await model.simulate(2_000)).toContain('[ok] No violation found')
    },
  )

  it.runIf(isModelChecked)(
    'would find an engine that commits without looking whether the ledger has changed',
    async () => {
      const found = await model.simulateChanged(500, 'CHECKS_VERSION = true', 'CHECKS_VERSION = false')
      expect(found).toContain('[violation]')
    },
  )

  it('grants, refuses and gives back what a real engine does, trace by trace', async () => {
    const count = times('traces that an engine repeats', { quick: 10, whole: 50 })
    const traces = await model.traces<{ readonly last: Step }>(count)
    expect(traces).toHaveLength(count)
    const total = { sign: 0, refused: 0, release: 0, tick: 0 }
    for (const states of traces) {
      const counts = await replayed(states.map(({ last }) => last).filter(({ what }) => what !== 'nothing'))
      for (const what of Object.keys(total) as (keyof typeof total)[]) total[what] += counts[what]
    }
    for (const number of Object.values(total)) expect(number).toBeGreaterThan(count / 5)
  })
})
