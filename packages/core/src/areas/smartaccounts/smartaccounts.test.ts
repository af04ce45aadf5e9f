import { memoryChain } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { bytesOfHex } from '../../kernel/bytes.ts'

// Goal: an agent has the Safe that a human gave, one for each chain, and `import` believes a node and no one else. Method: a whole
// engine in memory, with a chain that answers `isOwner`.

const [safe, other] = ['0x5aFE3855358E112B5647B952709E6165e1c1eEEe', '0x000000000000000000000000000000000000dEaD']
const place = { chain: 'base', chain_id: 8_453, safe_address: safe }

async function withAgent(answer: string | null = null) {
  const asked: string[] = []
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const simulate: NonNullable<typeof base.simulate> = async (calls) => {
    asked.push(...calls.map(({ to }) => to))
    return calls.map(() => ({ succeeded: true, fuel: 1n, returned: bytesOfHex(answer ?? ''), changes: null }))
  }
  const chains = ({ name }: { name: string }) =>
    name === 'base' && answer !== null ? Object.assign(base, { simulate }) : null
  const world = await testPawl({ chains })
  const { id: agent_id, as } = await world.agent({ name: 'saver' })
  await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  const accounts = async () =>
    ((await world.owner.agents.get({ agent_id })) as { smart_accounts?: readonly object[] }).smart_accounts
  return { ...world, agent_id, as, asked, accounts }
}

describe('a smart account', () => {
  it('is shown with the agent, and another one on the chain replaces it', async () => {
    await using world = await withAgent()
    const { owner, agent_id } = world
    expect(await world.accounts()).toBeUndefined()
    await owner.smartaccounts.add({ agent_id, ...place, chain: 'ethereum', chain_id: 1 })
    await owner.smartaccounts.add({ agent_id, ...place, safe_address: other })
    const added = await owner.smartaccounts.add({ agent_id, ...place, nonce: '7', init_data: { salt: 1 } })
    expect(added).toMatchObject({ id: agent_id, chain: 'base', chain_id: 8_453, safe_address: safe })
    const shown = [
      { chain: 'ethereum', chain_id: 1 },
      { chain: 'base', safe_address: safe, nonce: '7', init_data: { salt: 1 } },
    ]
    expect(added.smart_accounts).toMatchObject(shown)
    expect(await world.accounts()).toMatchObject(shown)
    await owner.smartaccounts.remove({ agent_id, chain_id: 1 })
    expect(await world.accounts()).toMatchObject([{ chain: 'base' }])
    await expect(owner.smartaccounts.remove({ agent_id, chain_id: 1 })).rejects.toMatchObject({
      code: 'smart_account_not_found',
    })
  })

  it('is refused on a chain that does not fit, and from agents', async () => {
    await using world = await withAgent()
    const { owner, agent_id, as } = world
    for (const [field, wrong] of [
      ['chain', { chain: 'solana' }],
      ['chain_id', { chain_id: 1 }],
      ['safe_address', { safe_address: 'safe' }],
    ] as const) {
      await expect(owner.smartaccounts.add({ agent_id, ...place, ...wrong }), field).rejects.toMatchObject({
        data: { fields: { [field]: expect.any(String) } },
      })
    }
    await expect(as.smartaccounts.add({ agent_id, ...place })).rejects.toMatchObject({ kind: 'denied' })
  })

  it('is imported if a node says that the key of the agent is an owner', async () => {
    await using world = await withAgent('1'.padStart(64, '0'))
    const { owner, agent_id } = world
    expect(await owner.smartaccounts.import({ agent_id, ...place })).toMatchObject({ agent_id, safe_address: safe })
    expect(world.asked).toEqual([safe])
    expect(await world.accounts()).toMatchObject([{ safe_address: safe }])
  })

  it.each(['0'.repeat(64), '', 'f'.repeat(64), '1'.padStart(62, '0')])(
    'is not imported if the node answers 0x%s',
    async (answer) => {
      await using world = await withAgent(answer)
      const refused = world.owner.smartaccounts.import({ agent_id: world.agent_id, ...place })
      await expect(refused).rejects.toMatchObject({ code: 'not_an_owner' })
      expect(await world.accounts()).toBeUndefined()
    },
  )

  it('needs a node for that, which the answer names, unless the caller does not want it verified', async () => {
    await using world = await withAgent()
    const { owner, agent_id } = world
    await expect(owner.smartaccounts.import({ agent_id, ...place })).rejects.toMatchObject({
      message: expect.stringContaining('PAWL_RPC_BASE'),
    })
    expect(await owner.smartaccounts.import({ agent_id, ...place, verify: false })).toMatchObject({ nonce: null })
  })
})
