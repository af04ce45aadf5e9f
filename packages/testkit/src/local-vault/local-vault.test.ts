import { describe, expect, it } from 'vitest'
import { tagged } from '../canary/index.ts'
import { startLocalVault } from './local-vault.ts'

describe('startLocalVault', () => {
  it('serves the secrets it was given to the agents it was given, and nothing else', async () => {
    await using vault = await startLocalVault({
      secrets: { 'db/password': tagged('hunter2'), 'app/key': 'other' },
      agents: { reporter: ['db/*'] },
    })
    const key = vault.agents.reporter?.key
    const get = (path: string) =>
      fetch(`${vault.url}/v1/vaults/${vault.vaultId}/secrets/${path}`, { headers: { authorization: `Bearer ${key}` } })
    expect(await (await get('db/password')).json()).toMatchObject({ path: 'db/password', value: tagged('hunter2') })
    expect((await get('app/key')).status).toBe(403)
  })

  it('is gone when its scope ends', async () => {
    let url = ''
    {
      await using vault = await startLocalVault()
      url = vault.url
      expect((await fetch(`${url}/v1/health`)).status).toBe(200)
    }
    await expect(fetch(`${url}/v1/health`)).rejects.toThrow()
  })
})
