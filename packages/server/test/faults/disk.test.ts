import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { buildVictim, type Program, startVictim } from '../crash-loop/program.ts'
import { sendOverSocket } from '../transports.ts'
import { hasDisks, smallDisk } from './disk.ts'

// Goal: whatever its disk does, a server says so once, acknowledges nothing that it did not keep, and goes on as soon as
// it can. Method: a whole server in a process of its own, on a real disk of a few megabytes.

const password = tagged('Correct-Horse-7')
const timeoutMs = 60_000

let program: Program
beforeAll(async () => {
  program = await buildVictim()
})
afterAll(() => program[Symbol.asyncDispose]())

describe.skipIf(!hasDisks)('the disk of a server', () => {
  test(
    'that is full answers 503 to all that must be kept, keeps what it acknowledged, and works again when there is room',
    async () => {
      using disk = smallDisk()
      const server = await open(disk.path)
      const { client } = server
      const key = (await client.send('POST', '/v1/agents', { name: 'bot' })).json.api_key
      disk.fill()
      // The log of commits has its space in advance, so a full disk refuses only when the log is full.
      for (let at = 0; client.refused <= 20 && at < 3_000; at++) await client.tryToPut(at)
      expect(client.refused).toBeGreaterThan(20)
      const acknowledged = [...client.stored]
      // The server refuses a read if it cannot store the audit event. This event is small, so a few still fit into the log.
      const read = async () => (await client.send('GET', `${client.secrets}/first`)).status
      let status = 200
      for (let tries = 0; status === 200 && tries < 100; tries++) status = await read()
      expect(status).toBe(503)
      // So many that the file of the keys needs more than the room that it has left in its last block.
      const vaults = Array.from({ length: 60 }, (_, at) => client.send('POST', '/v1/vaults', { name: `more ${at}` }))
      for (const { status, json } of await Promise.all(vaults)) {
        expect(status).toBe(503)
        // The operator's own token learns the reason; it names files of the server (N5).
        expect(json.detail).toMatch(
          /^The (storage is not available\. The disk of .*vault\.db is full\. Nothing was written\. Free some space\.|key store is not available\. The key file .*ENOSPC.*)$/,
        )
      }
      const refused = await client.send('POST', '/v1/vaults', { name: 'more' }, key)
      expect([refused.status, refused.json.detail]).toEqual([
        503,
        expect.stringMatching(
          /^The (storage|key store) is not available\. Check whether the change was made before you try again\.$/,
        ),
      ])
      expect((await client.send('GET', '/v1/health')).status).toBe(200)
      const full = server.said().filter((line) => /full|ENOSPC/.test(line))
      expect(full.length).toBeLessThan(6)
      const data = join(disk.path, 'data')
      expect(full.join()).toContain(
        `The disk of ${join(data, 'vault.db')} is full. Nothing was written. Free some space.`,
      )
      expect(full.join()).toContain(`The key file ${join(data, 'keys')} cannot be used: ENOSPC: no space left`)

      disk.makeRoom()
      expect((await client.send('POST', '/v1/vaults', { name: 'more 1' })).status).toBe(201)
      expect((await client.send('PUT', `${client.secrets}/later`, { value: tagged('later') })).status).toBe(201)
      await client.expectAll(acknowledged)
      expect(await server.stop()).toBe(0)
      const again = await open(disk.path, client)
      await again.client.expectAll(acknowledged)
      expect(await again.stop()).toBe(0)
    },
    timeoutMs,
  )

  test(
    'that is read-only keeps a server from starting, which names the file; once it can be written, all is there',
    async () => {
      using disk = smallDisk()
      const { client, stop } = await open(disk.path)
      await client.tryToPut(1)
      expect(await stop()).toBe(0)
      disk.setReadOnly(true)
      const heard: Buffer[] = []
      await expect(start(disk.path, heard)).rejects.toThrow('did not open')
      expect(Buffer.concat(heard).toString()).toContain('vault.db cannot be opened for writing')
      disk.setReadOnly(false)
      const again = await open(disk.path, client)
      await again.client.expectAll([...client.stored])
      expect(await again.stop()).toBe(0)
    },
    timeoutMs,
  )
})

function start(disk: string, heard: Buffer[]) {
  const folder = join(disk, 'data')
  return startVictim({ program, folder, password, heard: (chunk) => void heard.push(chunk) })
}

async function open(disk: string, before?: Client) {
  const heard: Buffer[] = []
  const victim = await start(disk, heard)
  if (!victim) throw new Error('the server ended while it was opening')
  onTestFinished(() => victim.kill())
  const client = await newClient(victim.port, before)
  const said = () =>
    Buffer.concat(heard)
      .toString()
      .split('\n')
      .filter((line) => line !== '' && !line.includes('"msg":"request"'))
  return { client, said, stop: victim.stop }
}

type Client = Awaited<ReturnType<typeof newClient>>

async function newClient(port: number, before?: { readonly secrets: string; readonly token: string }) {
  let token = before?.token ?? ''
  const send = (method: string, path: string, body?: unknown, bearer = token) => {
    const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
    return sendOverSocket(port, path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  }
  let secrets = before?.secrets ?? ''
  if (!before) {
    token = (await send('POST', '/v1/auth/token', { email: 'owner@localhost', password })).json.access_token
    secrets = `/v1/vaults/${(await send('POST', '/v1/vaults', { name: 'prod' })).json.id}/secrets`
    expect((await send('PUT', `${secrets}/first`, { value: tagged('first') })).status).toBe(201)
  }
  const stored = new Map<string, string>()
  const client = {
    send,
    token,
    secrets,
    stored,
    refused: 0,
    tryToPut: async (at: number) => {
      const value = tagged(`value ${at} ${'x'.repeat(2_000)}`)
      const { status, text } = await send('PUT', `${secrets}/s/${at}`, { value })
      expect([201, 503], text).toContain(status)
      if (status === 201) stored.set(`s/${at}`, value)
      else client.refused++
    },
    expectAll: async (wanted: readonly (readonly [string, string])[]) => {
      for (const [path, value] of wanted) expect((await send('GET', `${secrets}/${path}`)).json.value).toBe(value)
    },
  }
  return client
}
