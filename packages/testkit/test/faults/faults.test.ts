import { registry } from '@pawl/core'
import { describe, expect, it } from 'vitest'
import { isWhole, some, struck } from '../../../../tools/test-run/index.ts'
import { nodeCrypto } from '../../../adapters/src/crypto/node.ts'
import { tagged } from '../../src/canary/index.ts'
import { crashEverywhere, invariants, type Scenario, scenariosOf, testFaults } from '../../src/faults/index.ts'
import { examples, type World } from '../../src/world/index.ts'
import { planted } from '../simulation/store-breaks.ts'
import { moneyInvariants, payments, watchedChain } from './money.ts'

/** Calls that take the last there is of something. */
const limited: readonly Scenario[] = [
  {
    name: 'a value that may be read once',
    operation: registry.secrets.get,
    takesTheLast: true,
    example: async (world) => ({ who: { user: world.ownerId }, input: await readableOnce(world) }),
  },
  {
    name: 'a share that may be read once',
    operation: registry.sharing.access,
    takesTheLast: true,
    example: async (world) => {
      const { vault_id, path: secret_path } = await readableOnce(world)
      const { id } = await world.owner.sharing.createByPath({ vault_id, secret_path, max_access_count: 1 })
      return { who: {}, input: { share_id: id } }
    },
  },
  {
    name: 'a bootstrap of a vault, two agents, their policies and a signing key',
    operation: registry.platform.bootstrap,
    takesTheLast: true,
    example: async ({ owner, pawl }) => {
      const { id: app_id, api_key } = await owner.platform.createApp({ name: 'DeFi', slug: 'my-defi' })
      const who = api_key.reveal()
      const { platform } = pawl.as(who)
      const agents = ['signer', 'reader'].map((name) => ({ name, intents: name === 'signer' }))
      const spec = { vault: {}, agents, policies: [{ paths: ['a', 'b'] }], signing_keys: [{ chain: 'ethereum' }] }
      const { id: template_id } = await platform.createTemplate({ app_id, name: 'default', spec })
      const { connection_id } = await platform.upsertUser({ email: 'user@example.com' })
      return { who, input: { connection_id, template_id } }
    },
  },
]

async function readableOnce({ owner }: World) {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  const place = { vault_id, path: 'db/password' }
  await owner.secrets.put({ ...place, value: tagged('hunter2'), max_access_count: 1 })
  return place
}

const operations = some('operations that are struck at every call', 40, scenariosOf(registry, examples))

const crypto = nodeCrypto()

testFaults({ registry: {}, examples, scenarios: operations, crypto, ...struck(16) }, { describe, it })

describe('what takes the last there is of something', () => {
  testFaults({ registry: {}, examples, scenarios: limited, crypto, ...struck(isWhole ? 1 : 32) }, { describe, it })
})

describe('to crash everywhere', () => {
  const scenario = { name: 'secrets.put', operation: registry.secrets.put, example: examples.secrets.put }

  it('finds a store that loses in a crash what it has acknowledged', async () => {
    const [, open] = planted.find(([what]) => what.includes('loses')) ?? []
    await expect(crashEverywhere(scenario, open ? { open } : {})).rejects.toThrow(/secrets\.put/)
  })

  it('checks what a plugin adds to the invariants, and says at which call it does not hold', async () => {
    const check = async () => {
      throw new Error('mine')
    }
    const more = [...invariants, { name: 'an invariant of a plugin', check }]
    const words = /dies before call 1 of the storage \(\w+\)\nan invariant of a plugin: mine/
    await expect(crashEverywhere(scenario, { invariants: more })).rejects.toThrow(words)
  })
})

describe('a payment that something goes wrong at', () => {
  let chain = watchedChain()
  // Each vault has a chain of its own.
  const engine = () => {
    chain = watchedChain()
    return { chains: chain.chains }
  }
  for (const scenario of payments(() => chain)) {
    it(`is signed once and within its budget: ${scenario.name}`, async () => {
      const options = { crypto, ...struck(isWhole ? 4 : 60), engine, invariants: moneyInvariants(() => chain) }
      expect(await crashEverywhere(scenario, options)).toBeGreaterThan(0)
    })
  }
})
