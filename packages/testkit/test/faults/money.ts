import { PawlError, registry } from '@pawl/core'
import type { Chain } from '@pawl/core/ports'
import { type MemoryChain, memoryChain } from '@pawl/core/ports/reference'
import { originOf } from '@pawl/core/surfaces'
import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { tagged } from '../../src/canary/index.ts'
import { check } from '../../src/conformance/asserts.ts'
import type { Aftermath } from '../../src/faults/aftermath.ts'
import type { Invariant, Scenario } from '../../src/faults/index.ts'
import type { World } from '../../src/world/index.ts'

// Payments that something goes wrong at, and what must be true of the money afterwards. The chain outlives the engines.

const ether = 10n ** 18n
const safe_address = '0x1111111111111111111111111111111111111111'
const shop = '0x000000000000000000000000000000000000dEaD'
const ann = privateKeyToAccount(`0x${'1'.repeat(64)}`)

/** A chain that knows every signed transaction that was ever handed to it, also those that it refused. */
export function watchedChain() {
  const base: MemoryChain = memoryChain({ name: 'base', chainId: 8_453n })
  const handed = new Set<string>()
  const chain: Chain = {
    ...base,
    broadcast: (signed) => {
      handed.add(Buffer.from(signed).toString('hex'))
      return base.broadcast(signed)
    },
  }
  return { base, handed, chains: ({ name }: { readonly name: string }) => (name === 'base' ? chain : null) }
}

type Watched = ReturnType<typeof watchedChain>

/** The calls. `now` is the chain of the vault that a scenario is run in. */
export function payments(now: () => Watched): readonly Scenario[] {
  return [
    {
      name: 'a payment from a wallet with room for one',
      operation: registry.wallets.send,
      example: async (world) => ({ ...(await friendWithRoom(world, now().base)), separately: [] }),
    },
    {
      name: 'the last vote on a proposal, which sends it',
      operation: registry.treasury.signProposal,
      example: async (world) => {
        const { agent_id, first } = await proposals(world, now().base)
        return { who: { agent: agent_id }, input: first }
      },
    },
    {
      name: 'the execution of an approved proposal',
      operation: registry.treasury.executeProposal,
      example: async (world) => {
        const { first, second, address } = await proposals(world, now().base)
        const { safe_tx_hash } = await world.owner.treasury.getProposal(first)
        now().base.fund(address, -ether)
        const signature = await ann.sign({ hash: safe_tx_hash as `0x${string}` })
        await world.owner.treasury.signProposal({ ...first, signature })
        now().base.fund(address, ether)
        await world.owner.treasury.cancelProposal(second)
        return { who: { user: world.ownerId }, input: first }
      },
    },
  ]
}

/** A person with access to the wallet of another one, and with room for one payment a day. */
async function friendWithRoom({ owner, pawl }: World, base: MemoryChain) {
  const password = tagged('Correct-Horse-7')
  const [ada, bob] = await Promise.all(
    ['ada', 'bob'].map((name) => owner.orgs.addMember({ email: `${name}@example.com`, password })),
  )
  const as = pawl.as({ user: ada?.id ?? '' })
  const { wallets } = await as.wallets.generate({ chains: ['ethereum'] })
  const [{ id: wallet_id, address } = { id: '', address: '' }] = wallets
  base.fund(address, ether)
  await as.wallets.createAccessPolicy({
    ...{ scope_type: 'org', principal_type: 'user', principal_id: bob?.id ?? '' },
    ...{ can_send: true, daily_limit_eth: '0.015' },
  })
  const input = { chain: 'base', wallet_id, to: shop, value: '0.01', auth_confirm: password }
  return { who: { user: bob?.id ?? '' }, input }
}

/** Two proposals, and an agent whose budget is enough for a vote on one of them. */
async function proposals({ owner, agent }: World, base: MemoryChain) {
  const { id: agent_id } = await agent({ name: 'treasurer', intents_api_enabled: true })
  const { address } = await owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, ether)
  await owner.agents.update({ agent_id, tx_daily_limit: '0.015' })
  const signers = [{ signer_type: 'agent', signer_id: agent_id } as const, { signer_address: ann.address }]
  const { id: treasury_id } = await owner.treasury.create({ name: 'Team', safe_address, signers })
  await owner.treasury.update({ treasury_id, executor_agent_id: agent_id })
  const propose = async () => {
    const { id } = await owner.treasury.propose({ treasury_id, to_address: shop, value_wei: `${ether / 100n}` })
    return { treasury_id, proposal_id: id }
  }
  return { agent_id, address, first: await propose(), second: await propose() }
}

export function moneyInvariants(now: () => Watched): readonly Invariant[] {
  const mine = async ({ world }: Aftermath) => {
    for (let block = 0; block < 3; block++) {
      now().base.mine()
      world.clock.advance(600_000)
      while ((await world.pawl.runJobs()) > 0);
    }
  }
  const ask = ({ scenario, example, world }: Aftermath, input: object) =>
    world.pawl.perform(scenario.operation, input as typeof example.input, originOf(example.who)).catch((error) => {
      if (!(error instanceof PawlError)) throw error
      return error
    })
  return [
    {
      name: 'asked again, no nonce is signed for twice, and a proposal is sent once',
      check: async (aftermath) => {
        await mine(aftermath)
        await ask(aftermath, aftermath.example.input)
        await mine(aftermath)
        const { handed, base } = now()
        const nonces = [...handed].map((signed) => parseTransaction(`0x${signed}` as `0x02${string}`).nonce)
        check(new Set(nonces).size === nonces.length, `nonces of signed transactions: ${nonces}`)
        const toSafe = base.sent.filter(({ to }) => to?.toLowerCase() === safe_address)
        check(toSafe.length <= 1, `${toSafe.length} transactions to the Safe`)
      },
    },
    {
      name: 'what was signed has taken its budget',
      check: async (aftermath) => {
        const { example, world } = aftermath
        const { treasury_id, proposal_id } = example.input as { treasury_id?: string; proposal_id?: string }
        if (!treasury_id || !proposal_id) {
          await ask(aftermath, example.input)
          check(now().handed.size === 1, `${now().handed.size} payments within a limit for one`)
          return
        }
        const { owner } = world
        const stopped = await owner.treasury.getProposal({ treasury_id, proposal_id })
        // What could not be sent says why and waits for a person, who sends it again.
        if (stopped.status === 'approved') {
          await owner.treasury.executeProposal({ treasury_id, proposal_id })
          await mine(aftermath)
        }
        const { proposals } = await owner.treasury.listProposals({ treasury_id })
        const first = proposals.find(({ id }) => id === proposal_id)
        const other = proposals.find(({ id, status }) => id !== proposal_id && status === 'pending')
        check(first?.status === 'executed', `after all, the proposal is ${first?.status}: ${first?.failure}`)
        if (other) await ask(aftermath, { treasury_id, proposal_id: other.id })
        const votes = (await owner.treasury.listProposals({ treasury_id })).proposals.flatMap((one) => one.signatures)
        check(votes.length === 1, `${votes.length} votes within a budget for one`)
      },
    },
  ]
}
