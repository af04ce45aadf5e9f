import { memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { expect, it } from 'vitest'
import type { Write } from '../ports/storage.ts'

// Goal: what a person names is hidden from the storage, apart from what SECURITY.md lists ("Names"). Method: everything that the
// storage gets, searched for the names.

it('V56: the storage sees the paths of secrets and the names of bindings, and no other name', async () => {
  const inner = memoryStorage()
  const seen: string[] = []
  const note = (writes: readonly Write[]) => {
    for (const write of writes) seen.push(textIn(write))
  }
  const storage = {
    ...inner,
    commit: (writes: readonly Write[], ...more: []) => {
      note(writes)
      return inner.commit(writes, ...more)
    },
    commitMany: (...given: Parameters<typeof inner.commitMany>) => {
      for (const batch of given[0]) note(batch)
      return inner.commitMany(...given)
    },
  }
  await using world = await testPawl({ storage })
  const { owner } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'name-of-vault', description: 'words-about-it' })
  await owner.secrets.put({
    vault_id,
    path: 'path-of-secret',
    value: tagged('value-of-it'),
    metadata: { note: 'meta-of-secret' },
  })
  const { id: agent_id } = await world.agent({ name: 'name-of-agent' })
  const config = { base_url: 'https://host-of-binding.example' }
  await owner.bindings.create({ agent_id, name: 'name-of-binding', binding_type: 'http', config })
  await owner.orgs.addMember({ email: 'mail-of-member@example.com', password: 'Correct-horse-9-battery' })
  const hidden = [
    'name-of-vault',
    'words-about-it',
    'value-of-it',
    'meta-of-secret',
    'name-of-agent',
    'mail-of-member',
    'host-of-binding',
  ]
  const all = seen.join('\n')
  for (const name of ['path-of-secret', 'name-of-binding']) expect(all).toContain(name)
  expect(hidden.filter((name) => all.includes(name))).toEqual([])
})

/** Keys and bodies, as an operator of the storage reads them. */
function textIn(write: Write): string {
  if (write.op !== 'put') return write.id
  const keys = write.keys.map(({ key }) => key)
  return [write.id, ...keys, Buffer.from(write.body).toString('latin1')].join(' ')
}
