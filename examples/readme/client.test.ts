import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { expect, it } from 'vitest'
import { programFrom } from '../../tools/real-parts/pawl.ts'

const program = readFileSync(new URL('client.ts', import.meta.url), 'utf8')

it('the guide to the client shows this program, and it says what the guide says', async () => {
  const guide = readFileSync(new URL('../../docs/client.md', import.meta.url), 'utf8')
  expect(/^```ts\n(.*?)^```$/ms.exec(guide)?.[1]).toBe(program)

  await using vault = await startLocalVault({
    secrets: { 'db/password': 'hunter2', 'payments/key': 'sk_live' },
    agents: { reporter: ['db/*'] },
  })
  const { env } = vault.agents.reporter
  const { stdout } = await promisify(execFile)(process.execPath, [programFrom(program)], { env })
  expect(stdout).toBe('[secret] hunter2\ndenied\nsecret.read\nsecret.read\n')
})
