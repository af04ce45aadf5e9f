import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { PawlError } from '@pawl/core'
import { describe, expect, it } from 'vitest'
import { testSeed, times } from '../../../../tools/test-run/index.ts'
import { trial } from '../../../core/test/trial-signing.ts'
import { testPawl } from '../../src/world/index.ts'

// Goal: the ledger is right in every order in which engines read and commit, and the engine does what the model does. Method:
// Quint simulates the model and checks its invariants; then what its store did is done again on a real engine, step by step.

const root = resolve(import.meta.dirname, '../../../..')
const quint = join(root, 'node_modules/@informalsystems/quint/dist/src/cli.js')
const model = join(root, 'models/ledger.qnt')
const ether = 10n ** 18n
/** Three ticks are 24 hours. */
const tickMs = 8 * 3_600_000

/** Simulates a model, and answers whether its invariants held. */
async function simulated(file: string, samples: number, ...more: readonly string[]) {
  const options = ['--backend=typescript', '--main=ledger', '--invariant=holds', `--seed=${testSeed}`, '--verbosity=1']
  const sizes = [`--max-samples=${samples}`, '--max-steps=50']
  const run = promisify(execFile)(process.execPath, [quint, 'run', file, ...options, ...sizes, ...more])
  return run.then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => `${stdout}${stderr}`,
  )
}

interface Step {
  readonly what: 'nothing' | 'sign' | 'release' | 'tick'
  readonly amount: bigint
  readonly id: bigint
  readonly isGranted: boolean
}

/** What the store did in one trace, in the format of ITF (Apalache, ADR 15). */
async function stepsIn(file: string): Promise<Step[]> {
  const revived = JSON.parse(await readFile(file, 'utf8'), (_, value: unknown) =>
    value !== null && typeof value === 'object' && '#bigint' in value ? BigInt(String(value['#bigint'])) : value,
  ) as { readonly states: readonly { readonly last: Step }[] }
  return revived.states.map(({ last }) => last).filter(({ what }) => what !== 'nothing')
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

describe('the model of the ledger', () => {
  it('never signs more than the limit in any window, and refuses only what has no room', async () => {
    const samples = times('traces of the ledger model', { quick: 300, whole: 2_000 })
    expect(await simulated(model, samples)).toContain('[ok] No violation found')
  })

  it('would find an engine that commits without looking whether the ledger has changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pawl-model-'))
    const blind = join(folder, 'blind.qnt')
    const text = await readFile(model, 'utf8')
    await writeFile(blind, text.replace('CHECKS_VERSION = true', 'CHECKS_VERSION = false'))
    expect(await simulated(blind, 500)).toContain('[violation]')
  })

  it('grants, refuses and gives back what a real engine does, trace by trace', async () => {
    const traces = times('traces that an engine repeats', { quick: 10, whole: 50 })
    const folder = await mkdtemp(join(tmpdir(), 'pawl-traces-'))
    await simulated(model, traces * 2, `--n-traces=${traces}`, `--out-itf=${join(folder, 'trace{seq}.json')}`)
    const files = await readdir(folder)
    expect(files).toHaveLength(traces)
    const total = { sign: 0, refused: 0, release: 0, tick: 0 }
    for (const file of files.sort()) {
      const counts = await replayed(await stepsIn(join(folder, file)))
      for (const what of Object.keys(total) as (keyof typeof total)[]) total[what] += counts[what]
    }
    for (const count of Object.values(total)) expect(count).toBeGreaterThan(traces / 5)
  })
})
