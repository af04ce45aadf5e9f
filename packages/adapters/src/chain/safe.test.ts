import { testPawl } from '@pawl/testkit/world'
import { encodeFunctionData, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { startAnvil } from '../../../../tools/real-parts/anvil.ts'
import { deploySafe, sent } from '../../../../tools/real-parts/safe.ts'
import { eventually } from '../../../../tools/test-run/eventually.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { nodeEgress } from '../egress/node.ts'
import { evmChain } from './evm.ts'

// Goal: what the signers of a treasury approve is what their Safe does, and nothing else. Method: a Safe of its authors'
// bytecode on a real node. Each proposal is signed in another way that the contract accepts.

const shop = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n
const [ann, bob] = [1, 2].map((one) => privateKeyToAccount(`0x${String(one).repeat(64)}`)) as [Account, Account]
type Account = ReturnType<typeof privateKeyToAccount>
type Hex = `0x${string}`

test.runIf(isLong('a Safe on a real node'))(
  'a Safe pays when its owners have signed',
  { timeout: 120_000 },
  async () => {
    await using node = await startAnvil({ chainId: 8_453 })
    const egress = nodeEgress({ allow: [new URL(node.url).origin] })
    await using world = await testPawl({
      chains: (facts) => (facts.name === 'base' ? evmChain({ egress, urls: [node.url], facts }) : null),
    })
    const { owner } = world
    const { id: agent_id, as: agent } = await world.agent({ name: 'treasurer', intents_api_enabled: true })
    const { address } = await owner.signers.create({ agent_id, chain: 'ethereum' })
    await node.ask('anvil_setBalance', address, '0xde0b6b3a7640000')
    const safe_address = await deploySafe(node, [ann.address, bob.address, address], 2)
    await node.ask('anvil_setBalance', safe_address, `0x${(10n * ether).toString(16)}`)
    // What the chain says about threshold and owners holds.
    const claim = { name: 'Claimed', safe_address, chain: 'base' }
    const differs = { code: 'safe_differs', kind: 'conflict' }
    await expect(owner.treasury.create({ ...claim, threshold: 1 })).rejects.toMatchObject(differs)
    const strangers = [{ signer_address: shop }]
    await expect(owner.treasury.create({ ...claim, signers: strangers })).rejects.toMatchObject(differs)
    expect(await owner.treasury.list({})).toEqual({ treasuries: [] })
    expect(await owner.treasury.create({ ...claim, signers: strangers, verify: false })).toMatchObject({ threshold: 1 })
    expect(await owner.treasury.create({ ...claim, signers: [] })).toMatchObject({ threshold: 2 })
    const { id: treasury_id } = await owner.treasury.create({
      ...{ name: 'Team Treasury', safe_address, chain: 'base', threshold: 2 },
      signers: [ann, bob].map((one) => ({ signer_address: one.address })),
    })
    await owner.treasury.addSigner({ treasury_id, signer_type: 'agent', signer_id: agent_id })
    const propose = async (given: object) => {
      const made = await owner.treasury.propose({ treasury_id, to_address: shop, value_wei: `${ether}`, ...given })
      return { ...made, ref: { treasury_id, proposal_id: made.id }, hash: made.safe_tx_hash as Hex }
    }
    /** Follows the transaction until the proposal has this status. */
    const becomes = (ref: { treasury_id: string; proposal_id: string }, status: string) =>
      eventually(async () => {
        world.clock.advance(60_000)
        await world.pawl.runJobs()
        expect(await owner.treasury.getProposal(ref)).toMatchObject({ status })
      })
    const paid = async () => BigInt(String(await node.ask('eth_getBalance', shop, 'latest')))

    // The agent signs with its key in the vault, and a human with a wallet.
    const first = await propose({})
    await owner.treasury.signProposal({ ...first.ref, signature: await ann.sign({ hash: first.hash }) })
    const sending = await agent.treasury.signProposal(first.ref)
    expect(sending).toMatchObject({ nonce: 0, executed_tx_hash: expect.stringMatching(/^0x/) })
    await becomes(first.ref, 'executed')
    expect(await paid()).toBe(ether)

    // The next nonce is that of the chain, and wallets without EIP-712 sign a message.
    const second = await propose({})
    expect(second.nonce).toBe(1)
    const text = await bob.signMessage({ message: { raw: second.hash } })
    const signature = `${text.slice(0, -2)}${(Number.parseInt(text.slice(-2), 16) + 4).toString(16)}`
    await owner.treasury.signProposal({ ...second.ref, signature })
    await agent.treasury.signProposal(second.ref)
    await becomes(second.ref, 'executed')
    expect(await paid()).toBe(2n * ether)

    // An owner approves the hash on the chain, and until then its word is not taken.
    const third = await propose({})
    const approved = `0x${bob.address.slice(2).padStart(64, '0')}${'0'.repeat(64)}01`
    const said = () => owner.treasury.signProposal({ ...third.ref, signature: approved })
    await expect(said()).rejects.toMatchObject({ kind: 'invalid' })
    await approveHash(node, bob.address, safe_address, third.hash)
    await said()
    await agent.treasury.signProposal(third.ref)
    await becomes(third.ref, 'executed')
    expect(await paid()).toBe(3n * ether)

    // What the Safe would refuse is not sent: it has not so much.
    const fourth = await propose({ value_wei: `${100n * ether}` })
    await owner.treasury.signProposal({ ...fourth.ref, signature: await ann.sign({ hash: fourth.hash }) })
    const stays = await agent.treasury.signProposal(fourth.ref)
    expect(stays).toMatchObject({ status: 'approved', failure: expect.stringContaining('simulation failed') })
    expect(stays).not.toHaveProperty('executed_tx_hash')
    expect(await paid()).toBe(3n * ether)
  },
)

async function approveHash(node: Awaited<ReturnType<typeof startAnvil>>, owner: string, safe: Hex, hash: Hex) {
  const abi = parseAbi(['function approveHash(bytes32 hash)'])
  await node.ask('anvil_impersonateAccount', owner)
  await node.ask('anvil_setBalance', owner, '0xde0b6b3a7640000')
  await sent(node, { to: safe, data: encodeFunctionData({ abi, args: [hash] }), from: owner as Hex })
}
