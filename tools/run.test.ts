import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('what it cannot do it says, and ends with 64', () => {
  for (const args of [[], ['strat'], ['constructor'], ['test', '--node']]) {
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.mjs'), ...args])
    expect([status, String(stderr)]).toEqual([
      64,
      'usage: node tools/run.mjs start | test | build | bench [arguments]\n',
    ])
  }
})
