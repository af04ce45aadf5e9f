import { memoryStorage } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { StorageUnusable } from '../ports/storage.ts'

// Goal: the operator learns why nothing is stored, and a caller who runs nothing learns no path of the server (N5).

const short = 'The storage is not available. Check whether the change was made before you try again.'

test('only operators learn why the storage failed; members, agents and owners of other organisations do not (N5)', async () => {
  const storage = memoryStorage()
  let isFull = false
  const commitMany: typeof storage.commitMany = async (batches) => {
    if (isFull) throw new StorageUnusable('The disk of /srv/vault.db is full.')
    return storage.commitMany(batches)
  }
  await using world = await testPawl({ storage: { ...storage, commitMany } })
  const { user: tenant } = await world.pawl.addOrg({ email: 'tenant@example.com' })
  const { id: agent } = (await world.owner.agents.create({ name: 'bot' })).agent
  const { id: member } = await world.member()
  isFull = true
  const told = async (who: { user: string } | { agent: string }) =>
    world.pawl
      .as(who)
      .vaults.create({ name: 'prod' })
      .then(() => 'created')
      .catch((error: Error) => error.message)
  expect(await told({ user: world.ownerId })).toBe('The storage is not available. The disk of /srv/vault.db is full.')
  expect(await told({ user: tenant })).toBe(short)
  expect(await told({ user: member })).toBe(short)
  expect(await told({ agent })).toBe(short)
})
