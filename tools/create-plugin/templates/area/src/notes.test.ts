import { day } from '@pawl/core/area'
import { testOperations } from '@pawl/testkit/conformance'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import notes from './index.ts'

const open = (options = {}) => testPawl({ ...options, areas: [notes] })

describe('notes', () => {
  it('are for whoever may read the secret they are about', async () => {
    await using world = await open()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const agent = await world.agent({ policies: [{ vault_id, pattern: 'db/*' }] })
    await world.owner.notes.add({ vault_id, path: 'db/password', text: 'Changes every Monday.' })

    const { notes } = await agent.as.notes.list({ vault_id, path: 'db/password' })
    expect(notes.map(({ text }) => text)).toEqual(['Changes every Monday.'])
    await expect(agent.as.notes.add({ vault_id, path: 'db/password', text: 'no' })).rejects.toThrow('permissions')
    await expect(agent.as.notes.list({ vault_id, path: 'mail/password' })).rejects.toThrow('permissions')
  })

  it('are removed only through the path they are about', async () => {
    await using world = await open()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const { id: note_id } = await world.owner.notes.add({ vault_id, path: 'db/password', text: 'first' })
    const elsewhere = world.owner.notes.remove({ vault_id, path: 'db/user', note_id })
    await expect(elsewhere).rejects.toMatchObject({ code: 'note_not_found' })
    await world.owner.notes.remove({ vault_id, path: 'db/password', note_id })
    expect((await world.owner.notes.list({ vault_id, path: 'db/password' })).notes).toEqual([])
  })
})

describe('a note', () => {
  it('is gone a year later', async () => {
    await using world = await open()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.notes.add({ vault_id, path: 'db/password', text: 'first' })
    world.clock.advance(364 * day)
    await world.pawl.runJobs()
    expect(world.storedKinds()).toHaveProperty(['notes.note'])
    world.clock.advance(2 * day)
    await world.pawl.runJobs()
    expect(world.storedKinds()).not.toHaveProperty(['notes.note'])
  })
})

describe('the notes of a vault', () => {
  it('are gone when the vault is', async () => {
    await using world = await open()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.notes.add({ vault_id, path: 'db/password', text: 'first' })
    expect(world.storedKinds()).toHaveProperty(['notes.note'])
    await world.owner.vaults.delete({ vault_id })
    await world.pawl.runJobs()
    expect(world.storedKinds()).not.toHaveProperty(['notes.note'])
  })
})

// One call that succeeds for each operation; the tests that every operation gets follow from it.

const noted = async ({ owner, ownerId }: World) => {
  const { id } = await owner.vaults.create({ name: 'prod' })
  return { who: { user: ownerId }, input: { vault_id: id, path: 'db/password' } }
}

const examples = {
  add: async (world: World) => {
    const { who, input } = await noted(world)
    return { who, input: { ...input, text: 'Changes every Monday.' } }
  },
  list: noted,
  remove: async (world: World) => {
    const { who, input } = await noted(world)
    const { id } = await world.pawl.perform(notes.operations.add, { ...input, text: 'first' }, { trusted: who })
    return { who, input: { ...input, note_id: id } }
  },
}

testOperations({ registry: { notes: notes.operations }, examples: { notes: examples }, open }, { describe, it })
