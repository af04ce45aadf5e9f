import type { KeyStoresGiven } from '@pawl/core'
import { cmekFingerprint, decryptCmek, encryptCmek } from '@pawl/core/cmek'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import { type Sent, transports } from '../../test/transports.ts'

// Goal: keys of clients and shares of split keys travel as core.md sections 5.2.20 and 10 say. Method: a whole vault, and
// the requests that the published clients send, over both transports.

const secret = tagged('hunter2')
const [oldKey, newKey] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const text = (key: Uint8Array) => Buffer.from(key).toString('base64')

describe.each(transports)('over $name', ({ open }) => {
  async function started(keyStores?: KeyStoresGiven) {
    const world = await testPawl(keyStores && { keyStores })
    const bearer = (await world.owner.auth.refresh()).access_token.reveal()
    const client = await open(world.pawl)
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const base = `/v1/vaults/${id}`
    const call = (method: string, path: string, body?: object, headers: Sent['headers'] = {}) =>
      client.send(path, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    return {
      base,
      call,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await world.close()
      },
    }
  }

  test('a key is enabled, rotated and disabled as seed 002 lists it, with Location and both formats (§10)', async () => {
    await using vault = await started()
    const { base, call } = vault
    const fingerprint = cmekFingerprint(oldKey)
    const enabled = await call('POST', `${base}/cmek`, { fingerprint })
    expect([enabled.status, enabled.json.cmek_enabled, enabled.json.cmek_fingerprint]).toEqual([200, true, fingerprint])
    for (const format of ['base64', 'hex'] as const) {
      const value = encryptCmek(oldKey, secret, format)
      expect((await call('PUT', `${base}/secrets/${format}`, { value })).status).toBe(201)
    }
    const headers = { 'X-CMEK-Old-Key': text(oldKey), 'X-CMEK-New-Key': text(newKey) }
    const rotated = await call('POST', `${base}/cmek-rotate`, { new_fingerprint: cmekFingerprint(newKey) }, headers)
    expect([rotated.status, rotated.json.status]).toEqual([202, 'completed'])
    expect(rotated.headers.location).toBe(`${base}/cmek-rotate/${rotated.json.id}`)
    expect((await call('GET', rotated.headers.location ?? '')).json).toEqual(rotated.json)
    for (const format of ['base64', 'hex']) {
      const { json } = await call('GET', `${base}/secrets/${format}`)
      expect([decryptCmek(newKey, json.value), json.cmek_encrypted]).toEqual([secret, true])
    }
    const disabled = await call('DELETE', `${base}/cmek`)
    expect([disabled.status, disabled.json.cmek_enabled, 'cmek_fingerprint' in disabled.json]).toEqual([
      200,
      false,
      false,
    ])
    expect((await call('DELETE', `${base}/cmek`)).status).toBe(400)
  })

  test('a strict Go client gets only the fields that it knows (§1.3)', async () => {
    await using vault = await started()
    const { base, call } = vault
    const go = { 'user-agent': 'OpenAPI-Generator/1.0.0/go' }
    await call('POST', `${base}/mpc`, { mpc_custody: '2-of-2' })
    expect(Object.keys((await call('GET', base, undefined, go)).json).join()).not.toContain('mpc')
    await call('POST', `${base}/cmek`, { fingerprint: cmekFingerprint(oldKey) })
    const headers = { ...go, 'x-cmek-old-key': text(oldKey), 'x-cmek-new-key': text(newKey) }
    const { json } = await call('POST', `${base}/cmek-rotate`, { new_fingerprint: cmekFingerprint(newKey) }, headers)
    const known = 'id vault_id old_fingerprint new_fingerprint status total_secrets processed error started_at'
    const allowed = new Set([...known.split(' '), 'completed_at', 'created_at'])
    expect(Object.keys(json).filter((name) => !allowed.has(name))).toEqual([])
  })

  test('a split key needs the share of the client in a header, and never takes it from a URL (§5.2.20)', async () => {
    await using vault = await started()
    const { base, call } = vault
    const custody = await call('POST', `${base}/mpc`, { custody_mode: '2-of-2', providers: ['server', 'client'] })
    expect([custody.status, custody.json.mpc_custody, custody.json.mpc_threshold]).toEqual([200, '2-of-2', 2])
    const { json } = await call('PUT', `${base}/secrets/db`, { value: secret })
    const share = json.client_share
    expect((await call('GET', `${base}/secrets/db`)).status).toBe(400)
    expect((await call('GET', `${base}/secrets/db?client_share=${share}`)).status).toBe(400)
    expect((await call('GET', `${base}/secrets/db`, undefined, { 'X-Client-Share': share })).json.value).toBe(secret)
    const version = await call('GET', `${base}/secret-version/db/1`, undefined, { 'x-client-share': share })
    expect(version.json.value).toBe(secret)
  })

  test('2-of-3 answers 501 with the name of the setting until three key stores are configured, and then 200', async () => {
    await using vault = await started({})
    const answer = await vault.call('POST', `${vault.base}/mpc`, { mpc_custody: '2-of-3' })
    expect([answer.status, answer.json.title, answer.json.code]).toEqual([
      501,
      'Not Implemented',
      'custody_not_configured',
    ])
    expect(answer.json.detail).toContain('PAWL_KEY_STORE_')
    expect((await vault.call('POST', `${vault.base}/mpc`, { mpc_custody: '3-of-5' })).status).toBe(400)
    await using configured = await started()
    const enabled = await configured.call('POST', `${configured.base}/mpc`, { custody_mode: '2-of-3' })
    expect([enabled.status, enabled.json.mpc_custody, enabled.json.mpc_threshold]).toEqual([200, '2-of-3', 2])
    expect(enabled.json.mpc_providers).toEqual(['server', 'acme', 'globex'])
    expect((await configured.call('PUT', `${configured.base}/secrets/db`, { value: secret })).status).toBe(201)
    expect((await configured.call('GET', `${configured.base}/secrets/db`)).json.value).toBe(secret)
  })
})
