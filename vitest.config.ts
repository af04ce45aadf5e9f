import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification, type Vite } from 'vitest/node'

const conditions = ['@pawl/source', 'module', 'node', 'development|production']

/** The slowest files, the slowest first. `tools/slowest-tests.ts` writes the list. */
const slowest: readonly string[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'tools/test-run/slowest.json'), 'utf8'),
)

/** Else the other cores wait for a slow file at the end. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slowest.indexOf(relative(import.meta.dirname, moduleId))
      return at === -1 ? slowest.length : at
    }
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}

/** A translated source names the files that its imports lead to. Which they are depends on the manifests of the packages. */
const keyByManifests: Vite.Plugin = {
  name: 'key-by-manifests',
  configureVitest: ({ experimental_defineCacheKeyGenerator: define }) => {
    const packages = join(import.meta.dirname, 'packages')
    const manifests = readdirSync(packages).map((name) => readFileSync(join(packages, name, 'package.json'), 'utf8'))
    define(() => manifests.join())
  },
}

export default defineConfig({
  plugins: [keyByManifests],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'tools/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One second, the default, is too little on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: SlowFirst },
    // Many tests wait for a disk, a timer or a program that they start. One worker more uses the core in that time.
    maxWorkers: availableParallelism() + 1,
    // No secret of a test may be in anything that it leaves or says.
    globalSetup: [
      'tools/canary/run.ts',
      'tools/test-run/announce.ts',
      'tools/real-parts/pkcs11-child.ts',
      'tools/real-parts/pawl-program.ts',
    ],
    // Keeps the translated sources in node_modules, so that only what has changed is translated again.
    experimental: { fsModuleCache: true },
    // To load the engine anew for each file would take longer than the tests.
    isolate: false,
    execArgv: ['--max-semi-space-size=64'],
    setupFiles: ['tools/canary/setup.ts', 'tools/test-run/setup.ts'],
  },
})
