import type { TestContext } from 'node:test'
import { describe, expect, it } from 'vitest'
import { withLocalVault } from './node-test.ts'
import { vaultTest } from './vitest.ts'

const isServed = (url: string) =>
  fetch(`${url}/v1/health`).then(
    () => true,
    () => false,
  )

describe('vaultTest', () => {
  const urls: string[] = []
  const test = vaultTest({ secrets: { a: 'v' }, agents: { reader: ['a'] } })

  test('gives a test a vault', async ({ vault }) => {
    urls.push(vault.url)
    expect(await isServed(vault.url)).toBe(true)
    await vault.agents.reader.client.secrets.get({ vault_id: vault.vaultId, path: 'a' })
    await vault.assertOnlyRead({ reader: ['a'] })
  })

  test.fails('gives each test one of its own, which has not seen the other', async ({ vault }) => {
    urls.push(vault.url)
    await vault.assertOnlyRead({ reader: ['a'] })
  })

  it('has closed both, also the one of the test that failed', async () => {
    expect(urls).toHaveLength(2)
    for (const url of urls) expect(await isServed(url)).toBe(false)
  })
})

describe('withLocalVault', () => {
  it.each([
    ['passes', async () => {}],
    ['fails', async () => Promise.reject(new Error('failed'))],
  ])('gives a test a vault, which is gone after a test that %s', async (outcome, test) => {
    let url = ''
    const whole = withLocalVault({ agents: { reader: ['a'] } }, async (vault) => {
      url = vault.url
      expect(await isServed(url)).toBe(true)
      await test()
    })
    const ended = whole({} as TestContext).then(
      () => 'passes',
      () => 'fails',
    )
    expect(await ended).toBe(outcome)
    expect(await isServed(url)).toBe(false)
  })
})
