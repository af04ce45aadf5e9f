import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { expect, it } from 'vitest'

const file = fileURLToPath(new URL('client.ts', import.meta.url))

it('the guide to the client shows this program, and it says what the guide says', async () => {
  const guide = readFileSync(new URL('../../docs/client.md', import.meta.url), 'utf8')
  expect(/^```ts\n(.*?)^```$/ms.exec(guide)?.[1]).toBe(readFileSync(file, 'utf8'))

  await using vault = await startLocalVault({
    secrets: { 'db/password': 'hunter2', 'payments/key': 'sk_live' },
    agents: { reporter: ['db/*'] },
  })
  const args = ['--conditions=@pawl/source', '--import', import.meta.resolve('tsx'), file]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: vault.agents.reporter.env })
  expect(stdout).toBe('[secret] hunter2\ndenied\nsecret.read\nsecret.read\n')
})
