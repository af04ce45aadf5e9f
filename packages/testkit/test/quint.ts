import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { testSeed } from '../../../tools/test-run/index.ts'

const root = resolve(import.meta.dirname, '../../..')
const program = join(root, 'node_modules/@informalsystems/quint/dist/src/cli.js')

/** A model in `models/`, whose invariants are named `holds`. */
export function quintModel(name: string) {
  const file = join(root, 'models', `${name}.qnt`)
  const run = async (of: string, samples: number, ...more: readonly string[]): Promise<string> => {
    const options = ['--backend=typescript', `--main=${name}`, '--invariant=holds', `--seed=${testSeed}`]
    const sizes = ['--verbosity=1', `--max-samples=${samples}`, '--max-steps=50']
    const ran = promisify(execFile)(process.execPath, [program, 'run', of, ...options, ...sizes, ...more])
    return ran.then(
      ({ stdout }) => stdout,
      ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => `${stdout}${stderr}`,
    )
  }
  return {
    /** What Quint prints: `[ok]`, or `[violation]`. */
    simulate: (samples: number) => run(file, samples),
    /** The same for the model with a change, which it must find. */
    simulateChanged: async (samples: number, text: string, changed: string) => {
      const other = join(await mkdtemp(join(tmpdir(), 'pawl-model-')), 'changed.qnt')
      await writeFile(other, (await readFile(file, 'utf8')).replace(text, changed))
      return run(other, samples)
    },
    /** Some traces, each as its states, in the format of ITF (Apalache, ADR 15). */
    traces: async <State>(count: number): Promise<readonly (readonly State[])[]> => {
      const folder = await mkdtemp(join(tmpdir(), 'pawl-traces-'))
      await run(file, count * 2, `--n-traces=${count}`, `--out-itf=${join(folder, 'trace{seq}.json')}`)
      const files = (await readdir(folder)).sort()
      return Promise.all(files.map(async (one) => statesIn<State>(await readFile(join(folder, one), 'utf8'))))
    },
  }
}

function statesIn<State>(text: string): readonly State[] {
  const { states } = JSON.parse(text, (_, value: unknown) =>
    value !== null && typeof value === 'object' && '#bigint' in value ? BigInt(String(value['#bigint'])) : value,
  ) as { readonly states: readonly State[] }
  return states
}
