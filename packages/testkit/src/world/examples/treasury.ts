import type { World } from '../world.ts'
import { agentWasActive, type ExamplesOf } from './example.ts'

const safe_address = '0x1111111111111111111111111111111111111111'
const to_address = '0x000000000000000000000000000000000000dEaD'
const guardrails = { to_allowlist: [to_address], max_value_eth: '0.5', allowed_chains: ['base'] }

/** A treasury on a chain with a node, and an agent that is its only signer and pays the gas. */
const shared = async (world: World) => {
  const { id: agent_id, as } = await world.agent({ name: 'treasurer', intents_api_enabled: true })
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  await world.owner.signers.balance({ agent_id, chain: 'base' })
  world.chain('base').fund(address, 10n ** 18n)
  const { id: treasury_id } = await world.owner.treasury.create({ name: 'Team Treasury', safe_address, threshold: 2 })
  return { who: { user: world.ownerId }, asAgent: { agent: agent_id }, as, agent_id, address, treasury_id }
}

const signed = async (world: World, threshold = 2) => {
  const made = await shared(world)
  const { treasury_id, agent_id } = made
  await world.owner.treasury.update({ treasury_id, threshold })
  const { id: signer_id } = await world.owner.treasury.addSigner({
    treasury_id,
    signer_type: 'agent',
    signer_id: agent_id,
  })
  return { ...made, signer_id }
}

const proposed = async (world: World, threshold = 2) => {
  const made = await signed(world, threshold)
  const { treasury_id } = made
  const { id: proposal_id } = await world.owner.treasury.propose({ treasury_id, to_address, value_wei: '1000000000' })
  return { ...made, input: { treasury_id, proposal_id } }
}

const asked = async (world: World) => {
  const made = await shared(world)
  const { as, treasury_id } = made
  const { id: request_id } = await as.treasury.requestAccess({ treasury_id, reason: 'I pay the invoices.' })
  return { ...made, input: { treasury_id, request_id } }
}

/** The nonce is asked of a node after the commit. */
const afterwards = ['proposal changed']

/** An approved proposal is sent in commits of its own. */
const executed = [
  ...['proposal changed', 'transaction made', 'transaction changed', 'openTransaction made', 'openTransaction changed'],
  ...[
    'openTransaction gone',
    'nonceLane made',
    'nonceLane changed',
    'decision made',
    'ledger changed',
    'signatureCount changed',
    'job gone',
    'job changed',
  ],
  ...['transaction.sign', 'transaction.broadcast', 'transaction.refuse', 'proposal.execute'],
]

export const treasuryExamples: ExamplesOf<'treasury'> = {
  create: async (world) => {
    const { agent_id, address, who } = await shared(world)
    const signers = [
      { signer_type: 'agent', signer_id: agent_id, signer_address: address },
      { signer_address: to_address },
    ]
    return { who, input: { name: 'Reserve', safe_address, chain: 'ethereum', threshold: 2, signers } }
  },
  list: async (world) => {
    const { who } = await signed(world)
    return { who, input: {} }
  },
  get: async (world) => {
    const { who, treasury_id } = await signed(world)
    return { who, input: { treasury_id } }
  },
  update: async (world) => {
    const { who, treasury_id, agent_id } = await shared(world)
    return { who, input: { treasury_id, name: 'Reserve', threshold: 3, executor_agent_id: agent_id } }
  },
  delete: async (world) => {
    const { who, treasury_id } = await shared(world)
    return { who, input: { treasury_id } }
  },
  addSigner: async (world) => {
    const { who, treasury_id, agent_id, address } = await shared(world)
    return { who, input: { treasury_id, signer_type: 'agent', signer_id: agent_id, signer_address: address } }
  },
  removeSigner: async (world) => {
    const { who, treasury_id, signer_id } = await signed(world)
    return { who, input: { treasury_id, signer_id } }
  },
  requestAccess: async (world) => {
    const { asAgent, treasury_id } = await shared(world)
    return { who: asAgent, input: { treasury_id, reason: 'I pay the invoices.' } }
  },
  listAccessRequests: async (world) => {
    const { who, treasury_id } = await asked(world)
    return { who, input: { treasury_id }, separately: agentWasActive }
  },
  approveAccess: async (world) => {
    const { who, input } = await asked(world)
    const given = { auto_add_signer: true, delegation_mode: 'both', guardrails }
    return { who, input: { ...input, ...given }, separately: agentWasActive }
  },
  denyAccess: async (world) => {
    const { who, input } = await asked(world)
    return { who, input, separately: agentWasActive }
  },
  updateDelegation: async (world) => {
    const { who, input } = await asked(world)
    await world.owner.treasury.approveAccess(input)
    const { treasury_id, request_id: delegation_id } = input
    const auto_approve_rules = [{ max_value_eth: '0.1', to_allowlist: [to_address] }]
    return { who, input: { treasury_id, delegation_id, auto_approve_rules }, separately: agentWasActive }
  },
  propose: async (world) => {
    const { who, treasury_id } = await signed(world)
    const input = { treasury_id, to_address, value_wei: '1000000000', chain: 'base' }
    return { who, input, separately: afterwards }
  },
  listProposals: async (world) => {
    const { who, treasury_id } = await proposed(world)
    return { who, input: { treasury_id, status: 'pending' } }
  },
  getProposal: async (world) => {
    const { who, input } = await proposed(world)
    return { who, input }
  },
  signProposal: async (world) => {
    const { asAgent, input } = await proposed(world)
    return { who: asAgent, input: { ...input, decision: 'approve' }, separately: executed }
  },
  executeProposal: async (world) => {
    const { who, as, address, input } = await proposed(world, 1)
    const chain = world.chain('base')
    // Without money for the gas, the proposal stays approved.
    chain.fund(address, -(10n ** 18n))
    await as.treasury.signProposal(input)
    chain.fund(address, 10n ** 18n)
    return { who, input, separately: [...agentWasActive, ...executed] }
  },
  cancelProposal: async (world) => {
    const { who, input } = await proposed(world)
    return { who, input }
  },
}
