import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'
import { type Plan, testsToLoad } from './plan.ts'

const folder = process.env.PAWL_MUTANTS ?? ''
const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan

export default defineConfig({
  ...base,
  root: resolve(import.meta.dirname, '../..'),
  plugins: [{ name: 'mutants', enforce: 'pre', load: (id) => plan.code[id] ?? null }],
  test: {
    ...base.test,
    // It would not know of the mutants.
    experimental: {},
    include: [...testsToLoad(folder, plan)],
    globalSetup: [],
    runner: resolve(import.meta.dirname, 'runner.ts'),
    pool: 'threads',
    // A thread takes no flag of V8.
    execArgv: [],
    maxWorkers: 1,
    fileParallelism: false,
    silent: true,
  },
})
