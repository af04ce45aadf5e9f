import { tagged } from '@pawl/testkit/canary'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { expect, test } from 'vitest'
import { createClient } from './index.ts'

test('pages are one list, in which nothing is twice although looking adds to it', async () => {
  await using vault = await startLocalVault({ secrets: { a: tagged('1') }, agents: { b: ['a'], c: [] } })
  const { api_key } = await vault.owner.auth.createApiKey({ name: 'auditor' })
  const pawl = createClient({ url: vault.url, apiKey: api_key })
  const { events } = await vault.owner.audit.events({ limit: 1_000 })
  const all = await allOf(pawl.audit.events.each({ limit: 3 }))
  const ids = all.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(expect.arrayContaining(events.map(({ id }) => id)))
  expect(ids.length).toBeGreaterThan(6)
  const own = await allOf(pawl.audit.events.each({ action: 'vault.create' }))
  expect(new Set(own.map(({ action }) => action))).toEqual(new Set(['vault.create']))
})

test('pages too small to get ahead of what is added say so, and do not go on for ever', async () => {
  await using vault = await startLocalVault({ secrets: { a: tagged('1') }, agents: { b: ['a'], c: [] } })
  const { api_key } = await vault.owner.auth.createApiKey({ name: 'auditor' })
  const all = createClient({ url: vault.url, apiKey: api_key }).audit.events.each({ limit: 1 })
  await expect(allOf(all)).rejects.toMatchObject({ code: 'pages_too_small' })
})

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
