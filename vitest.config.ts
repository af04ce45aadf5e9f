import { defineConfig } from 'vitest/config'

const conditions = ['@pawl/source', 'module', 'node', 'development|production']

export default defineConfig({
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
    // Many tests wait for programs that they start, so no core is left to the one that waits.
    maxWorkers: '100%',
    // No secret of a test may be in anything that it leaves or says.
    globalSetup: ['tools/canary/run.ts'],
    setupFiles: ['tools/canary/setup.ts'],
  },
})
