import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { expect, it } from 'vitest'
import { isLong } from '../../tools/test-run/index.ts'

const run = promisify(execFile)
const guide = readFileSync(new URL('../../docs/testing-agents.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code)

it('the guide to testing agents shows these files and no other code', () => {
  const files = ['reporter.test.ts', 'curious.node-test.ts', 'deployer.test.ts', 'world.test.ts']
  expect(blocks('ts')).toEqual(files.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')))
})

it('the table in the guide is what is said of an agent that looked around', async () => {
  await using vault = await startLocalVault({ secrets: { 'db/password': 'hunter2' }, agents: { curious: ['db/*'] } })
  await run(process.execPath, [`${import.meta.dirname}/curious.mjs`], { env: vault.agents.curious.env })
  const error = await vault.assertOnlyRead({ curious: ['db/password', 'db/host'] }).catch((error) => error)
  expect(blocks('text')).toEqual([error.message])
})

it.runIf(isLong('the example for node:test'))('the example for node:test passes under node:test', async () => {
  const cli = ['--import', 'tsx', '--conditions=@pawl/source', '--test', '--test-reporter=tap', 'curious.node-test.ts']
  const { stdout } = await run(process.execPath, cli, { cwd: import.meta.dirname })
  expect(stdout).toMatch(/^# pass 1$/m)
})
