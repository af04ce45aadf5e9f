import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tagged, tagsIn } from '@pawl/testkit/canary'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { expect, it, onTestFinished } from 'vitest'
import { pathWithPawl } from '../../tools/real-parts/pawl.ts'
import { isLong } from '../../tools/test-run/index.ts'

const workflow = readFileSync(new URL('workflow.yml', import.meta.url), 'utf8')
const [, line = ''] = /^ +- run: (npx pawl .*)$/m.exec(workflow) ?? []
const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const [create = '', grant = ''] = /^```sh\n(.*?)^```$/ms.exec(readme)?.[1]?.split('\n') ?? []

const startVault = () =>
  startLocalVault({
    secrets: { 'ci/db-password': tagged('hunter2'), 'payments/key': tagged('sk_live') },
    agents: { ci: ['ci/*'] },
  })
type Env = Readonly<Record<string, string>>

it.runIf(isLong('the example of CI secrets'))(
  'the line of the workflow runs the tests with what is for them, and no value is in what it prints',
  async () => {
    await using vault = await startVault()
    const { status, printed } = await runLine(line, vault.agents.ci.env)
    expect(printed).toMatch(/pass 1$/m)
    expect(status).toBe(0)
    expect(tagsIn(Buffer.from(printed))).toEqual([])
    await vault.assertOnlyRead({ ci: ['ci/db-password'] }, { also: ['secret.list', 'vault.list'] })
  },
)

it.runIf(isLong('the example of CI secrets'))(
  'a pipeline whose key was revoked fails, and does not run its tests without secrets',
  async () => {
    await using vault = await startVault()
    await vault.owner.agents.rotateKey({ agent_id: vault.agents.ci.id })
    const { status, printed } = await runLine(line, vault.agents.ci.env)
    expect([status, printed]).toEqual([77, expect.stringMatching(/^pawl: /)])
    expect(printed).not.toContain('the database lets us in')
  },
)

it.runIf(isLong('the example of CI secrets'))('the agent that the README makes has the key for it', async () => {
  await using vault = await startVault()
  const { api_key } = await vault.owner.auth.createApiKey({ name: 'mine' })
  const asOwner = { PAWL_URL: vault.url, PAWL_API_KEY: api_key.reveal() }
  const made = JSON.parse((await runLine(create, asOwner)).printed)
  expect(await runLine(grant.replace('<agent.id>', made.agent.id), asOwner)).toMatchObject({ status: 0 })
  expect(await runLine(line, { PAWL_URL: vault.url, PAWL_API_KEY: made.api_key })).toMatchObject({ status: 0 })
})

async function runLine(line: string, { PAWL_URL = '', PAWL_API_KEY = '' }: Env) {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-ci-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { PATH: pathWithPawl(), HOME: folder, PAWL_URL, PAWL_API_KEY }
  // GitHub runs each line in a shell that stops at the first error.
  const run = promisify(execFile)('bash', ['-ec', line], { cwd: import.meta.dirname, env })
  const [{ stdout, stderr }, status] = await run.then(
    (ended) => [ended, 0] as const,
    (error) => [error, error.code] as const,
  )
  return { status, printed: `${stdout}${stderr}` }
}
