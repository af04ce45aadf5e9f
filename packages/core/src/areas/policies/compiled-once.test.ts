import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { compiledOnce } from './compiled-once.ts'
import { policyKind } from './records.ts'

// Goal: policies are compiled once, and a decision never rests on policies that are not those that are stored.

test('policies are compiled once for the list that is remembered, and again when one of them changes', async () => {
  await using world = await testPawl()
  const { id: vault } = await world.owner.vaults.create({ name: 'prod' })
  const { id: agent, as } = await world.agent({ vault, policies: [{ pattern: 'db/*' }, { pattern: 'web/*' }] })
  await world.owner.secrets.put({ vault_id: vault, path: 'db/password', value: 'x' })
  const read = () => as.secrets.get({ vault_id: vault, path: 'db/password' })
  await read()
  const { policies } = await world.owner.policies.list({ vault_id: vault })
  const mine = policies.filter(({ principal_id }) => principal_id === agent)
  await world.owner.policies.delete({ vault_id: vault, policy_id: mine[0]?.id ?? '' })
  await expect(read()).rejects.toMatchObject({ kind: 'denied' })
  await world.owner.policies.update({
    vault_id: vault,
    policy_id: mine[1]?.id ?? '',
    secret_path_pattern: '**',
    permissions: ['read'],
  })
  await read()
})

test('a list is compiled once, and another list by itself', () => {
  const [one, other] = [Object.freeze([]), Object.freeze([])]
  expect(compiledOnce(one)).toBe(compiledOnce(one))
  expect(compiledOnce(other)).not.toBe(compiledOnce(one))
  expect(policyKind.indexes.principal?.versionedList).toBe(3)
})
