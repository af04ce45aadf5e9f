import { describe, expect, it } from 'vitest'
import { tagged } from '../canary/index.ts'
import { type LocalVault, startLocalVault } from './index.ts'

const start = () =>
  startLocalVault({
    seed: 'activity',
    vaults: {
      main: { secrets: { 'db/password': tagged('hunter2'), 'db/host': 'h', 'app/key': 'k' } },
      other: { secrets: { x: 'x' } },
    },
    agents: { reporter: ['db/*', 'other:x'], quiet: ['db/*'] },
  })

type Vault = LocalVault<'reporter' | 'quiet', 'main' | 'other'>

const get = (vault: Vault, path: string, vaultId = vault.vaultId) =>
  vault.agents.reporter.client.secrets.get({ vault_id: vaultId, path }).catch(() => {})

const signIn = (vault: Vault, api_key: string) =>
  fetch(`${vault.url}/v1/auth/agent-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_key }),
  })

describe('the activity of an agent', () => {
  it('is what it did and tried, in order, over HTTP as in the same process, and nothing of anybody else', async () => {
    await using vault = await start()
    const { key } = vault.agents.reporter
    await get(vault, 'db/password')
    vault.clock.advance(1_000)
    await fetch(`${vault.url}/v1/vaults/${vault.vaultId}/secrets/app/key`, {
      headers: { authorization: `Bearer ${key}` },
    })
    await get(vault, 'db/none')
    await vault.agents.reporter.client.secrets.list({ vault_id: vault.vaults.other.id })
    await vault.owner.secrets.get({ vault_id: vault.vaultId, path: 'db/host' })
    const at = '2026-01-01T00:00:01.000Z'
    expect(await vault.agents.reporter.activity()).toEqual([
      { action: 'secret.read', vault: 'main', path: 'db/password', outcome: 'allowed', at: '2026-01-01T00:00:00.000Z' },
      { action: 'secret.read', vault: 'main', path: 'app/key', outcome: 'denied', at },
      { action: 'secret.read', vault: 'main', path: 'db/none', outcome: 'failed', at },
      { action: 'secret.list', vault: 'other', outcome: 'allowed', at },
    ])
    expect(await vault.agents.quiet.activity()).toEqual([])
  })

  it('shows what a model did with the tools of the vault', async () => {
    await using vault = await start()
    const call = (path: string) =>
      fetch(`${vault.url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${vault.agents.reporter.key}`,
          'x-vault-id': vault.vaultId,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'get_secret', arguments: { path } },
        }),
      }).then((response) => response.text())
    expect(await call('db/password')).toContain(tagged('hunter2'))
    await call('app/key')
    expect(await vault.agents.reporter.activity()).toMatchObject([
      { action: 'secret.read', path: 'db/password', outcome: 'allowed' },
      { action: 'secret.read', path: 'app/key', outcome: 'denied' },
    ])
  })

  it('shows that its key was let in, and that it was used in vain', async () => {
    await using vault = await start()
    const { id, key } = vault.agents.reporter
    expect((await signIn(vault, key)).status).toBe(200)
    await vault.owner.agents.update({ agent_id: id, is_active: false })
    expect((await signIn(vault, key)).status).toBe(401)
    expect(await vault.agents.reporter.activity()).toMatchObject([
      { action: 'auth.success', outcome: 'allowed' },
      { action: 'auth.failure', outcome: 'denied' },
    ])
  })

  it('is whole when there is more of it than one page holds', async () => {
    await using vault = await start()
    for (let at = 0; at < 1_030; at++) await get(vault, at === 0 ? 'db/host' : 'db/password')
    const acts = await vault.agents.reporter.activity()
    expect(acts).toHaveLength(1_030)
    expect(acts[0]).toMatchObject({ path: 'db/host' })
    expect(acts.filter(({ path }) => path === 'db/host')).toHaveLength(1)
  })
})

describe('assertOnlyRead', () => {
  const problem = (vault: Vault, ...asked: Parameters<Vault['assertOnlyRead']>) =>
    vault.assertOnlyRead(...asked).then(
      () => 'none',
      (error: Error) => error.message,
    )

  it('takes reads in any order and number, in any vault, by path or by pattern, and signing in', async () => {
    await using vault = await start()
    await signIn(vault, vault.agents.reporter.key)
    await get(vault, 'x', vault.vaults.other.id)
    await get(vault, 'db/password')
    await get(vault, 'db/password')
    expect(await problem(vault, { reporter: ['db/password', 'other:x'] })).toBe('none')
    expect(await problem(vault, { reporter: ['db/*', 'other:**'] })).toBe('none')
    expect(await problem(vault, { reporter: ['db/password', 'x'] })).toMatch(/other:x +allowed +not expected/)
  })

  it('refuses a read that is missing, one that is too many, and an agent that was not spoken of', async () => {
    await using vault = await start()
    await get(vault, 'db/password')
    expect(await problem(vault, { reporter: ['db/password', 'db/host'] })).toMatch(/db\/host +- +did not happen/)
    expect(await problem(vault, { reporter: [] })).toMatch(/db\/password +allowed +not expected/)
    expect(await problem(vault, { quiet: [] })).toMatch(/reporter +secret.read +db\/password +allowed +not expected/)
  })

  it('refuses what was only tried, of what was expected too', async () => {
    await using vault = await start()
    await get(vault, 'app/key')
    await get(vault, 'app/key')
    expect(await problem(vault, { reporter: ['app/key'] })).toBe(
      [
        'The agents did not do exactly what was expected:',
        '',
        'agent     action       where    outcome',
        'reporter  secret.read  app/key  denied ×2  not expected',
        'reporter  secret.read  app/key  -          did not happen',
        '',
      ].join('\n'),
    )
  })

  it('takes a list only when told, and no denied one', async () => {
    await using vault = await start()
    await vault.agents.reporter.client.secrets.list({ vault_id: vault.vaultId })
    expect(await problem(vault, { reporter: [] })).toMatch(/secret.list +main +allowed +not expected/)
    expect(await problem(vault, { reporter: [] }, { also: ['secret.list'] })).toBe('none')
    await vault.agents.quiet.client.secrets.list({ vault_id: vault.vaults.other.id }).catch(() => {})
    expect(await problem(vault, { reporter: [] }, { also: ['secret.list'] })).toMatch(/quiet +secret.list +other/)
  })

  it('refuses to look for an agent or a path that cannot be', async () => {
    await using vault = await start()
    expect(await problem(vault, { reportr: [] } as never)).toContain('The agent reportr does not exist')
    expect(await problem(vault, { reporter: ['db//x'] })).toContain('neither a path nor a path pattern')
  })

  it('shows what an agent put into a path in one line, and no value', async () => {
    await using vault = await start()
    await get(vault, 'db/password')
    await get(vault, 'x\n\u001b[2Jy')
    const message = await problem(vault, { reporter: [] })
    expect(message).toContain('x\\n\\u001b[2Jy')
    expect(message.includes(tagged('hunter2'))).toBe(false)
  })
})
