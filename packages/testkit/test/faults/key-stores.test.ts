import { registry } from '@pawl/core'
import { describe, it } from 'vitest'
import { isWhole, some, struck } from '../../../../tools/test-run/index.ts'
import { nodeCrypto } from '../../../adapters/src/crypto/node.ts'
import { tagged } from '../../src/canary/index.ts'
import { type Scenario, testFaults } from '../../src/faults/index.ts'
import { examples, type World } from '../../src/world/index.ts'

// Goal: whatever goes wrong at any call to any key store, a vault has its keys wholly in one place or the other, and every
// value opens. Method: each call that uses keys of vaults, in key stores of the organisation.

const value = tagged('hunter2')

type Where = { readonly key_store: string } | { readonly mpc_custody: '2-of-3' }

const vaultIn =
  (where: Where, more: object = {}) =>
  async (world: World) => {
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod', ...where })
    await world.owner.secrets.put({ vault_id, path: 'db/password', value })
    return { who: { user: world.ownerId }, input: { vault_id, ...more } }
  }

const inAcme = { key_store: 'acme' } as const
const inThree = { mpc_custody: '2-of-3' } as const
const { create, moveKey, rotateKey, enableCustody, delete: remove } = registry.vaults
const { put, get } = registry.secrets
const atPath = { path: 'db/password' }

const scenarios: readonly Scenario[] = [
  {
    name: 'a new vault in a key store',
    operation: create,
    example: async ({ ownerId }) => ({ who: { user: ownerId }, input: { name: 'prod', ...inAcme } }),
  },
  {
    name: 'a new vault in three key stores',
    operation: create,
    example: async ({ ownerId }) => ({ who: { user: ownerId }, input: { name: 'prod', ...inThree } }),
  },
  { name: 'a write in a key store', operation: put, example: vaultIn(inAcme, { ...atPath, value }) },
  { name: 'a write in three key stores', operation: put, example: vaultIn(inThree, { ...atPath, value }) },
  { name: 'a read in a key store', operation: get, example: vaultIn(inAcme, atPath) },
  { name: 'a read in three key stores', operation: get, example: vaultIn(inThree, atPath) },
  { name: 'a move between key stores', operation: moveKey, example: vaultIn(inAcme, { key_store: 'globex' }) },
  { name: 'a move back to the server', operation: moveKey, example: vaultIn(inAcme, { key_store: 'server' }) },
  { name: 'a move from three key stores to one', operation: moveKey, example: vaultIn(inThree, inAcme) },
  { name: 'custody 2-of-3 from a key store', operation: enableCustody, example: vaultIn(inAcme, inThree) },
  { name: 'a rotation in a key store', operation: rotateKey, example: vaultIn(inAcme) },
  { name: 'a rotation in three key stores', operation: rotateKey, example: vaultIn(inThree) },
  { name: 'the end of a vault in a key store', operation: remove, example: vaultIn(inAcme) },
  { name: 'the end of a vault in three key stores', operation: remove, example: vaultIn(inThree) },
]

const tried = some('operations on key stores that are struck at every call', 4, scenarios)

testFaults(
  { registry: {}, examples, scenarios: tried, crypto: nodeCrypto(), ...struck(isWhole ? 1 : 6) },
  { describe, it },
)
