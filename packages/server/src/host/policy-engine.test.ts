import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { start } from './start.ts'

const noLegal = `
export default {
  evaluate: (requests) =>
    requests.map(({ path }) => (path?.startsWith('legal/') ? { allowed: false, reason: 'hold', isPublic: true } : { allowed: true })),
}
`

describe('a server with a policy engine of its operator (N5)', () => {
  test('asks it after its own policies, for owners too', async () => {
    const started = await startWith(moduleOf(noLegal))
    onTestFinished(() => started.stop())
    const user = (await started.pawl.firstOwner({ email: started.owner.email })).user
    const owner = started.pawl.as({ user })
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await owner.secrets.put({ vault_id, path: 'db/main', value: tagged('open') })
    await expect(owner.secrets.put({ vault_id, path: 'legal/case', value: tagged('closed') })).rejects.toThrow('hold')
  })

  test.each([
    ['is not there', () => './nowhere.js', /^PAWL_POLICY_ENGINE: \.\/nowhere\.js cannot be loaded/],
    ['is no policy engine', () => moduleOf('export default {}'), /the default export of .* is not a policy engine/],
    ['exports nothing', () => moduleOf('export default null'), /the default export of .* is not a policy engine/],
  ])('does not start with a module that %s', async (_, module, problem) => {
    await expect(startWith(module())).rejects.toThrow(problem)
  })
})

function startWith(module: string) {
  const env = { PAWL_POLICY_ENGINE: module, PAWL_PORT: '0', PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: newFolder() }
  return start(readConfig(env))
}

function moduleOf(text: string): string {
  const path = join(newFolder(), 'engine.mjs')
  writeFileSync(path, text)
  return path
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-policy-engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
