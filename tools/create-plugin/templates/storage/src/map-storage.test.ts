import { tagged } from '@pawl/testkit/canary'
import { testStorage } from '@pawl/testkit/conformance'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { mapStorage, type Table } from './map-storage.ts'

function open() {
  const table: Table = new Map()
  return { storage: mapStorage(table), again: () => mapStorage(table) }
}

testStorage(
  'a map',
  open,
  { describe, it },
  {
    lacks: {
      commitMany: 'a map has no transactions to save',
      snapshot: 'nobody makes backups of a map',
      exclusive: 'others may have the same map',
    },
  },
)

describe('an engine on a map', () => {
  it('keeps a secret, and the map does not know it', async () => {
    const table: Table = new Map()
    await using world = await testPawl({ storage: mapStorage(table) })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const value = tagged('password')
    await world.owner.secrets.put({ vault_id, path: 'db/password', type: 'password', value })
    expect((await world.owner.secrets.get({ vault_id, path: 'db/password' })).value.reveal()).toBe(value)
    for (const { body } of table.values()) expect(Buffer.from(body).includes(value)).toBe(false)
  })
})
