import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hasPart, programAt } from './index.ts'
import { pkcs11jsPath } from './pkcs11js.ts'
import { softHsmModule } from './softhsm.ts'

const compiler = programAt('cc')

export const hasCompiler = hasPart('A C compiler', 'apt-get install gcc libc6-dev', compiler !== null)

export interface FaultyModule {
  readonly path: string
  /** What goes wrong from now on; see `faulty-module.c`. */
  plan(...faults: readonly string[]): void
  /** How often a function was called so far. */
  calls(name: string): number
  destroy(): void
}

/**
 * A module in front of the SoftHSM2 module. It fails at planned calls, for faults that a good module never shows.
 *
 * @example
 * const module = faultyModule()
 * module.plan('C_Login 0xa4')
 */
export function faultyModule(): FaultyModule {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-faulty-'))
  const [path, plan, log] = ['faulty.so', 'plan', 'log'].map((name) => join(folder, name)) as [string, string, string]
  // pkcs11js brings the header of the standard.
  const headers = join(dirname(pkcs11jsPath ?? ''), 'includes', 'pkcs11')
  const source = join(import.meta.dirname, 'faulty-module.c')
  execFileSync(compiler ?? 'cc', ['-shared', '-fPIC', `-I${headers}`, '-o', path, source, '-ldl'])
  Object.assign(process.env, { FAULTY_REAL: softHsmModule, FAULTY_PLAN: plan, FAULTY_LOG: log })
  return {
    path,
    plan: (...faults) => writeFileSync(plan, faults.join('\n')),
    calls: (name) =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .split('\n')
            .filter((line) => line === name).length
        : 0,
    destroy: () => rmSync(folder, { recursive: true }),
  }
}
