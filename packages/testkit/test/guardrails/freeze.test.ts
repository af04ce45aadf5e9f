import { PawlError } from '@pawl/core'
import { memoryHsm } from '@pawl/core/ports/reference'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testSeed, times } from '../../../../tools/test-run/index.ts'
import { trial } from '../../../core/test/trial-signing.ts'
import { testPawl } from '../../src/world/index.ts'
import { interceptStorage, type StorageCall } from '../../src/wrappers/storage.ts'
import { sharedMemory } from '../simulation/store-breaks.ts'

// Goal: once a freeze is stored, nothing is signed until it ends, also not by an engine that has decided a moment before. Method: two
// engines on one store, whose calls wait as the test wants, and the order in which the store took what.

type Wait = (call: StorageCall) => Promise<void>
type Stored = 'signed' | 'frozen' | 'unfrozen'

/** Two engines on one store, an agent without limits, and what was stored in which order. */
async function frozenBy(scope: 'agent' | 'org') {
  const store = sharedMemory()
  const hsm = memoryHsm()
  const order: Stored[] = []
  const waits: { wait: Wait } = { wait: async () => {} }
  const open = (at: number) => {
    const storage = interceptStorage(store, async (call, work) => {
      await waits.wait(call)
      const answer = await work()
      for (const batch of takenBatches(call, answer)) order.push(...storedIn(batch, scope))
      return answer
    })
    return testPawl({ storage, hsm, areas: [trial], seed: `engine ${at}` })
  }
  const first = await open(0)
  const worlds = [first, await open(1)]
  const { id: agent_id } = await first.agent({ name: 'payer' })
  const callers = worlds.map(({ pawl }) => pawl.as({ user: first.ownerId }))
  const as = (at: number) => callers[at % 2] as NonNullable<(typeof callers)[number]>
  return {
    ...{ order, waits },
    sign: (at: number) => as(at).trial.sign({ agent_id, units: 1n }),
    freeze: (at: number) =>
      scope === 'org' ? as(at).guardrails.freezeOrg({}) : as(at).guardrails.freeze({ agent_id }),
    unfreeze: (at: number) =>
      scope === 'org' ? as(at).guardrails.unfreezeOrg({}) : as(at).guardrails.unfreeze({ agent_id }),
    close: async () => {
      for (const world of worlds) await world.close()
    },
  }
}

type Batch = readonly { readonly op: string; readonly kind: string }[]

/** The batches of a call that the store did not refuse. */
function takenBatches(call: StorageCall, answer: unknown): readonly Batch[] {
  if (call.method === 'commit') return [call.writes]
  return call.method === 'commitMany' ? call.batches.filter((_, at) => (answer as unknown[])[at] === null) : []
}

function storedIn(batch: Batch, scope: 'agent' | 'org'): readonly Stored[] {
  const has = (op: string, kind: string) => batch.some((write) => write.op === op && write.kind === kind)
  if (has('put', 'trial.signed')) return ['signed']
  if (has('put', 'orgFreeze')) return ['frozen']
  if (has('delete', 'orgFreeze')) return ['unfrozen']
  return scope === 'agent' && has('put', 'ledger') ? ['frozen'] : []
}

describe.each(['org', 'agent'] as const)('the freeze of one %s', (scope) => {
  it('stops a signature that was decided before it and is stored after it', async () => {
    const one = await frozenBy(scope)
    let release = () => {}
    const isHeld = new Promise<void>((held) => {
      const opens = new Promise<void>((resolve) => {
        release = resolve
      })
      one.waits.wait = async (call) => {
        if (!writesTo(call, 'trial.signed')) return
        one.waits.wait = async () => {}
        held()
        await opens
      }
    })
    const signing = one.sign(0)
    await isHeld
    expect(await one.freeze(1)).toMatchObject({ frozen: true })
    release()
    await expect(signing).rejects.toMatchObject({ data: { violation: { reason_code: 'frozen' } } })
    expect(one.order).not.toContain('signed')
    await one.unfreeze(0)
    await one.sign(0)
    await one.close()
  })
})

describe('a freeze among many signatures at once', () => {
  it('is a line: nothing is stored as signed between a freeze and its end', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.scheduler(), fc.nat({ max: 8 }), async (schedule, before) => {
      const one = await frozenBy('org')
      one.waits.wait = (call) => schedule.schedule(Promise.resolve(), call.method)
      const signs = (count: number) => Array.from({ length: count }, (_, at) => one.sign(at).catch(refusal))
      const all = [...signs(before), one.freeze(0), ...signs(8)]
      const ended = one.freeze(1).then(() => one.unfreeze(0))
      await schedule.waitFor(Promise.all([...all, ended]))
      one.waits.wait = async () => {}
      await one.close()
      const line = one.order.join(' ')
      expect(line).not.toMatch(/\bfrozen signed/)
    })
    await fc.assert(property, { seed: testSeed, numRuns: times('orders of a freeze', { quick: 3, whole: 25 }) })
  })
})

function refusal(error: unknown): null {
  if (error instanceof PawlError && (error.code === 'guardrail_violated' || error.kind === 'unavailable')) return null
  throw error
}

function writesTo(call: StorageCall, kind: string): boolean {
  if (call.method === 'commit') return call.writes.some((write) => write.kind === kind)
  return call.method === 'commitMany' && call.batches.flat().some((write) => write.kind === kind)
}
