import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@pawl/core/client'
import { expect, test } from 'vitest'
import { sendOverSocket } from '../../test/transports.ts'
import { type Dev, type DevOptions, startDev } from './dev.ts'

async function opened<T>(options: Partial<DevOptions>, look: (dev: Dev) => T | Promise<T>): Promise<T> {
  const dev = await startDev({ seed: 'a', port: 0, ...options })
  try {
    return await look(dev)
  } finally {
    await dev.stop()
  }
}

const facts = ({ password, env: { PAWL_URL, ...env } }: Dev) => ({ password, env })

test('the same seed gives the same password, ids and keys, and another seed gives others', async () => {
  const first = await opened({}, facts)
  expect(await opened({}, facts)).toEqual(first)
  const other = await opened({ seed: 'b' }, facts)
  expect(other.password).not.toBe(first.password)
  expect(other.env.PAWL_API_KEY).not.toBe(first.env.PAWL_API_KEY)
  expect(other.env.PAWL_VAULT_ID).not.toBe(first.env.PAWL_VAULT_ID)
})

test('no two have the same password when no seed is given (M10)', async () => {
  const first = await opened({ seed: undefined }, facts)
  expect((await opened({ seed: undefined }, facts)).password).not.toBe(first.password)
})

test('the agent may read what it is told, and nothing else', async () => {
  await opened({}, async ({ env }) => {
    const { PAWL_URL: url = '', PAWL_API_KEY: apiKey, PAWL_VAULT_ID: vault_id = '' } = env
    const agent = createClient({ url, apiKey })
    expect((await agent.secrets.list({ vault_id })).secrets.map(({ path }) => path)).toEqual([
      'api-keys/stripe-key',
      'config/env',
    ])
    await expect(agent.secrets.get({ vault_id, path: 'db/password' })).rejects.toMatchObject({ kind: 'denied' })
  })
})

test('what is kept is there the next time, with keys that no seed tells', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-dev-'))
  try {
    const first = await opened({ folder }, facts)
    expect(statSync(join(folder, 'dev.env')).mode & 0o777).toBe(0o600)
    expect(await opened({ folder }, facts)).toEqual(first)
    const elsewhere = join(folder, 'elsewhere')
    const random = await opened({ folder: elsewhere, seed: undefined }, facts)
    expect(await opened({ folder: elsewhere, seed: undefined }, facts)).toEqual(random)
    expect(first.env.PAWL_API_KEY).not.toBe((await opened({}, facts)).env.PAWL_API_KEY)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('no page of another site may call it, nor one whose name was made to point at this machine (M10)', async () => {
  await opened({}, async ({ url }) => {
    const { port } = new URL(url)
    const status = async (headers: Record<string, string>) =>
      (await sendOverSocket(Number(port), '/v1/health', { headers })).status
    expect(await status({ host: `127.0.0.1:${port}` })).toBe(200)
    expect(await status({ host: `localhost:${port}`, origin: `http://localhost:3000` })).toBe(200)
    expect(await status({ host: `evil.example:${port}` })).toBe(403)
    expect(await status({ host: `127.0.0.1:${port}`, origin: 'https://evil.example' })).toBe(403)
  })
})
