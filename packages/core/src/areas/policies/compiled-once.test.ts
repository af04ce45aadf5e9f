import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { compiledOnce } from './compiled-once.ts'

// Goal: policies are compiled once, and a decision never rests on policies that are not those that are stored.

test('policies are compiled once for the list that is remembered, and again when one of them changes', async () => {
  await using world = await testPawl()
  const { id: vault } = await world.owner.vaults.create({ name: 'prod' })
  const policies = [{ pattern: 'db/*' }, { pattern: '**' }]
  const { id: agent, as } = await world.agent({ vault, policies })
  await world.owner.secrets.put({ vault_id: vault, path: 'db/password', value: tagged('x') })
  const read = () => as.secrets.get({ vault_id: vault, path: 'db/password' })
  await read()
  const all = await world.owner.policies.list({ vault_id: vault })
  const [one, other] = all.policies.filter(({ principal_id }) => principal_id === agent)
  await world.owner.policies.delete({ vault_id: vault, policy_id: one?.id ?? '' })
  await read()
  await world.owner.policies.update({ vault_id: vault, policy_id: other?.id ?? '', permissions: ['write'] })
  await expect(read()).rejects.toMatchObject({ kind: 'denied' })
})

test('a list is compiled once, and another list by itself', () => {
  const [one, other] = [Object.freeze([]), Object.freeze([])]
  expect(compiledOnce(one)).toBe(compiledOnce(one))
  expect(compiledOnce(other)).not.toBe(compiledOnce(one))
})
