import { testPawl } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import { type Sent, transports } from '../../test/transports.ts'

// Goal: IP rules hold for the address that the socket or a trusted proxy shows, and for nothing that a client writes.
// Method: a whole vault with rules, and requests with an agent's key over both transports.

describe.each(transports)('IP rules over $name', ({ open }) => {
  async function started(trustedProxies: readonly string[]) {
    const world = await testPawl()
    const { key } = await world.agent()
    const bearer = (await world.owner.auth.refresh()).access_token.reveal()
    const client = await open(world.pawl, { trustedProxies })
    const send = (token: string, path: string, sent: Sent = {}) =>
      client.send(path, { ...sent, headers: { authorization: `Bearer ${token}`, ...sent.headers } })
    return {
      world,
      owner: (path: string, sent?: Sent) => send(bearer, path, sent),
      agent: (path: string, sent: Sent) => send(key, path, sent),
      list: async (headers: Record<string, string>) => (await send(key, '/v1/vaults', { headers })).status,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await world.close()
      },
    }
  }

  const spoofed = (address: string) => ({
    'x-forwarded-for': address,
    'x-real-ip': address,
    forwarded: `for=${address}`,
    'cf-connecting-ip': address,
    'x-client-ip': address,
    'true-client-ip': address,
  })

  test('E1: no header lets a client choose its address', async () => {
    await using vault = await started([])
    await vault.world.owner.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.0/24' })
    expect(await vault.list({})).toBe(403)
    expect(await vault.list(spoofed('192.0.2.1'))).toBe(403)
  })

  test('E1: behind a trusted proxy only the last hop that is none counts', async () => {
    await using vault = await started(['127.0.0.0/8', '10.0.0.0/8'])
    await vault.world.owner.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.0/24' })
    expect(await vault.list({ 'x-forwarded-for': '192.0.2.1' })).toBe(200)
    expect(await vault.list({ 'x-forwarded-for': '192.0.2.1, 10.1.1.1' })).toBe(200)
    expect(await vault.list({ 'x-forwarded-for': '192.0.2.1, 198.51.100.1' })).toBe(403)
    expect(await vault.list({ ...spoofed('192.0.2.1'), 'x-forwarded-for': '198.51.100.1' })).toBe(403)
  })

  test('E2: an address that cannot be read is refused', async () => {
    await using vault = await started(['127.0.0.0/8'])
    await vault.world.owner.security.createIpRule({ rule_type: 'deny', cidr: '198.51.100.0/24' })
    for (const bad of ['a', ' ', 'unknown', '192.0.2.1:80', `${'1.1.1.1,'.repeat(1_300)}1.1.1.1`]) {
      expect(await vault.list({ 'x-forwarded-for': bad }), bad.slice(0, 20)).toBe(403)
    }
    expect(await vault.list({ 'x-forwarded-for': '192.0.2.1' })).toBe(200)
  })

  test('an address that a rule refuses gets its answer before its body is read, and leaves an event', async () => {
    await using vault = await started(['127.0.0.0/8'])
    const { id } = await vault.world.owner.vaults.create({ name: 'prod' })
    await vault.world.owner.security.createIpRule({ rule_type: 'deny', cidr: '198.51.100.0/24' })
    const { status } = await vault.agent(`/v1/vaults/${id}/secrets/db/password`, {
      method: 'PUT',
      body: 'x'.repeat(6 * 1024 * 1024),
      headers: { 'x-forwarded-for': '198.51.100.1' },
    })
    expect(status).toBe(403)
    const { events } = await vault.world.owner.audit.events({ action: 'secret.write' })
    expect(events).toMatchObject([{ details: { outcome: 'denied', vault_id: id, path: 'db/password' } }])
  })

  test('the names and words of the documentation are understood, and the guard answers 409 (§13, §20)', async () => {
    await using vault = await started([])
    const add = (body: object) => vault.owner('/v1/security/ip-rules', { method: 'POST', body: JSON.stringify(body) })
    const made = await add({ rule_type: 'block', cidr: '203.0.113.7', description: 'scanner', applies_to: 'humans' })
    expect([made.status, made.json]).toMatchObject([
      201,
      { rule_type: 'deny', cidr: '203.0.113.7/32', label: 'scanner', applies_to: 'users' },
    ])
    const lockout = await add({ rule_type: 'allow', cidr: '203.0.113.0/24' })
    expect([lockout.status, lockout.json.code]).toEqual([409, 'ip_rule_lockout'])
    const removed = await vault.owner(`/v1/security/ip-rules/${made.json.id}`, { method: 'DELETE' })
    expect([removed.status, removed.text]).toEqual([204, ''])
  })

  test('the settings of an organisation are changed with PUT and with PATCH (§12, newer.md 440)', async () => {
    await using vault = await started([])
    const put = await vault.owner('/v1/org/settings/name', { method: 'PUT', body: '{"value":"One"}' })
    expect([put.status, put.json.settings.name]).toEqual([200, 'One'])
    const patch = await vault.owner('/v1/org/settings', { method: 'PATCH', body: '{"key":"name","value":"Two"}' })
    expect([patch.status, patch.json.settings.name]).toEqual([200, 'Two'])
    expect((await vault.owner('/v1/org/settings')).json.settings).toMatchObject({ name: 'Two', invitation_days: 7 })
  })
})
