import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { start } from './start.ts'

const guide = readFileSync(new URL('../../../../docs/wallets.md', import.meta.url), 'utf8')
const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(guide) ?? []
/** A server gives its own packages to the module. The sources that run here are none. */
const example = code.replace(/^import .*$/m, 'class MoneyServiceFailed extends Error {}')

describe('a server with services for wallets', () => {
  test('uses the module of the guide as it is', async () => {
    const started = await startWith(moduleOf(example))
    onTestFinished(() => started.stop())
    const owner = started.pawl.as({ user: (await started.pawl.firstOwner({ email: started.owner.email })).user })
    await owner.wallets.generate({ chains: ['ethereum'] })
    const { address } = await owner.wallets.get({ chain: 'ethereum' })
    expect(await owner.wallets.startOnramp({ chain: 'base', asset: 'USDC' })).toEqual({
      session_url: `https://ramp.example/buy?chain=base&asset=USDC&destination=${address}`,
      ...{ provider: 'custom', destination_address: address, chain: 'base', asset: 'USDC' },
    })
    // The guide has no member for Bankr.
    await expect(owner.bankr.setConfig({ partner_key: 'bk_ptr_x' })).rejects.toMatchObject({
      data: { service: 'bankr' },
    })
  })

  test.each([
    ['is not there', () => './nowhere.js', /^PAWL_MONEY_SERVICES: \.\/nowhere\.js cannot be loaded/],
    ['has no service', () => moduleOf('export default {}'), /is not an object with swaps, fiatRamp or bankr/],
    ['has half a service', () => moduleOf('export default { bankr: { lease() {} } }'), /is not an object with swaps/],
  ])('does not start with a module that %s', async (_, module, problem) => {
    await expect(startWith(module())).rejects.toThrow(problem)
  })
})

function startWith(module: string) {
  const env = { PAWL_MONEY_SERVICES: module, PAWL_PORT: '0', PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: newFolder() }
  return start(readConfig(env))
}

function moduleOf(text: string): string {
  const path = join(newFolder(), 'money.mjs')
  writeFileSync(path, text)
  return path
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-money-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
