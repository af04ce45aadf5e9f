import { createClient, Secret } from '@pawl/core/client'
import { memoryChain } from '@pawl/core/ports/reference'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { password, served } from './pages.ts'

// Goal: the samples of seed 000 for signing keys, treasuries, wallets, webhooks, risk and approvals work as they are written, in their
// order. Method: each line as the Python client sends it, and each line with the typed client, to a server. Only what the seed leaves
// open (`0x...`, IDs, the password) is filled in.

const to = '0x000000000000000000000000000000000000dEaD'
const safe_address = '0x1111111111111111111111111111111111111111'
const ann = privateKeyToAccount(`0x${'1'.repeat(64)}`)
const email = 'owner@example.com'
const secret = 'whsec_0123456789'
const ether = 10n ** 18n
const wantedEvents = ['agent.transaction.broadcast', 'proposal.executed']

type Body = Readonly<Record<string, unknown>>
type Answer = Promise<Readonly<Record<string, never>> | object>

/** The lines of the seed, and what they need besides. */
interface Lines {
  createKey(agent_id: string): Answer
  keys(agent_id: string): Answer
  keyBalance(agent_id: string): Answer
  createTreasury(): Answer
  addSigner(treasury_id: string, signer_address: string): Answer
  propose(treasury_id: string): Answer
  signProposal(treasury_id: string, proposal_id: string, signature: string): Answer
  generate(): Answer
  walletBalance(): Answer
  send(): Answer
  createWebhook(): Answer
  riskEvents(): Answer
  createHoneytoken(vault_id: string): Answer
  pending(): Answer
  decide(approval_id: string): Answer
  submit(agent_id: string): Answer
}

/** The requests of the Python client. It names JSON as the type of every request, also of those without a body. */
function overHttp(url: string, token: string): Lines {
  const ask = async (method: string, path: string, body?: Body, proof?: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: { ...headers, ...(proof && { 'x-auth-confirm': proof }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const json = (await response.json()) as object
    expect([response.ok, json], `${method} ${path}`).toEqual([true, json])
    return json
  }
  const keysOf = (agent_id: string) => `/agents/${agent_id}/signing-keys`
  return {
    createKey: (agent_id) => ask('POST', keysOf(agent_id), { chain: 'ethereum' }),
    keys: (agent_id) => ask('GET', keysOf(agent_id)),
    keyBalance: (agent_id) => ask('GET', `${keysOf(agent_id)}/ethereum/balance`),
    createTreasury: () => ask('POST', '/treasury', { name: 'Team Treasury', safe_address, chain: 'ethereum' }),
    addSigner: (id, signer_address) => ask('POST', `/treasury/${id}/signers`, { signer_address }),
    propose: (id) => ask('POST', `/treasury/${id}/proposals`, { chain: 'ethereum', to, value: '1000000000' }),
    signProposal: (id, proposal, signature) =>
      ask('POST', `/treasury/${id}/proposals/${proposal}/sign`, { signature, decision: 'approve' }),
    generate: () => ask('POST', '/treasury/wallets/generate'),
    walletBalance: () => ask('GET', '/treasury/wallets/ethereum/balance'),
    send: () => ask('POST', '/treasury/wallets/ethereum/send', { to, value: '1000000000000000' }, password),
    createWebhook: () => ask('POST', '/webhooks', { url: 'https://example.com/webhook', events: wantedEvents, secret }),
    riskEvents: () => ask('GET', '/risk/events?severity=high'),
    createHoneytoken: (vault_id) => ask('POST', '/risk/honeytokens', { vault_id, secret_path: 'canary/secret-key' }),
    pending: () => ask('GET', '/approvals?status=pending'),
    decide: (id) => ask('POST', `/approvals/${id}/decide`, { decision: 'approved' }),
    submit: (agent_id) =>
      ask('POST', `/agents/${agent_id}/transactions`, {
        ...{ chain: 'ethereum', to, value: '1000000000000000' },
        ...{ max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1000000000' },
      }),
  }
}

function typed(url: string, token: string): Lines {
  const client = createClient({ url, token })
  const value = '1000000000000000'
  return {
    createKey: (agent_id) => client.signers.create({ agent_id, chain: 'ethereum' }),
    keys: (agent_id) => client.signers.list({ agent_id }),
    keyBalance: (agent_id) => client.signers.balance({ agent_id, chain: 'ethereum' }),
    createTreasury: () => client.treasury.create({ name: 'Team Treasury', safe_address, chain: 'ethereum' }),
    addSigner: (treasury_id, signer_address) => client.treasury.addSigner({ treasury_id, signer_address }),
    propose: (treasury_id) => client.treasury.propose({ treasury_id, chain: 'ethereum', to, value: '1000000000' }),
    signProposal: (treasury_id, proposal_id, signature) =>
      client.treasury.signProposal({ treasury_id, proposal_id, signature, decision: 'approve' }),
    generate: () => client.wallets.generate(),
    walletBalance: () => client.wallets.balance({ chain: 'ethereum' }),
    send: () => client.wallets.send({ chain: 'ethereum', to, value, auth_confirm: password }),
    createWebhook: async () => {
      const url = 'https://example.com/webhook'
      const made = await client.webhooks.create({ url, events: wantedEvents, secret })
      expect(made.secret).toBeInstanceOf(Secret)
      return { ...made, secret: made.secret.reveal() }
    },
    riskEvents: () => client.risk.events({ severity: 'high' }),
    createHoneytoken: (vault_id) => client.risk.createHoneytoken({ vault_id, secret_path: 'canary/secret-key' }),
    pending: () => client.approvals.list({ status: 'pending' }),
    decide: (approval_id) => client.approvals.decide({ approval_id, decision: 'approved' }),
    submit: (agent_id) =>
      client.intents.submit({
        ...{ agent_id, chain: 'ethereum', to, value },
        ...{ max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1000000000' },
      }),
  }
}

test.each([
  ['the Python client', overHttp],
  ['the typed client', typed],
])('the samples of seed 000 work in their order, as %s sends them', (_, linesOf) => {
  const chain = memoryChain({ name: 'ethereum', chainId: 1n })
  const work: Parameters<typeof served>[0] = async (world, url) => {
    const { owner, ownerId, org } = world
    await owner.accounts.setPassword({ password, password_confirm: password })
    const login = await world.pawl.as({}).auth.token({ email, password })
    const lines = linesOf(url, login.access_token.reveal())
    const { id: agent_id, as: agent } = await world.agent({ name: 'my-agent', intents_api_enabled: true })

    // client.signing_keys
    const key = { agent_id, chain: 'ethereum', curve: 'secp256k1', address: expect.stringMatching(/^0x.{40}$/) }
    const { address } = (await lines.createKey(agent_id)) as { address: string }
    expect(await lines.keys(agent_id)).toEqual({
      keys: [expect.objectContaining({ ...key, address, is_active: true })],
    })
    chain.fund(address, ether)
    expect(await lines.keyBalance(agent_id)).toMatchObject({ address, balance_wei: `${ether}`, balance_display: '1' })

    // client.treasury
    const treasury = { name: 'Team Treasury', safe_address, chain: 'ethereum', chain_id: 1, threshold: 1, signers: [] }
    const { id: treasury_id, ...made } = (await lines.createTreasury()) as { id: string }
    expect(made).toMatchObject({ ...treasury, created_by: ownerId })
    await lines.addSigner(treasury_id, ann.address)
    const proposal = {
      treasury_id,
      chain: 'ethereum',
      to_address: to,
      value_wei: '1000000000',
      data_hex: '0x',
      nonce: 0,
    }
    const proposed = (await lines.propose(treasury_id)) as { id: string; safe_tx_hash: `0x${string}` }
    expect(proposed).toMatchObject({ ...proposal, status: 'pending', proposed_by: ownerId, proposed_by_type: 'user' })
    const signature = await ann.sign({ hash: proposed.safe_tx_hash })
    expect(await lines.signProposal(treasury_id, proposed.id, signature)).toMatchObject({
      ...{ id: proposed.id, status: 'approved', failure: expect.stringContaining('executor_agent_id') },
      signatures: [{ signer_address: ann.address, decision: 'approve', signature }],
    })

    // client.treasury_wallets
    const { wallets } = (await lines.generate()) as { wallets: { chain: string; address: string }[] }
    expect(wallets.map((one) => one.chain)).toEqual(['ethereum', 'bitcoin', 'solana', 'xrp', 'cardano', 'tron'])
    const [{ address: from } = { address: '' }] = wallets
    chain.fund(from, ether)
    expect(await lines.walletBalance()).toMatchObject({
      ...{ chain: 'ethereum', address: from, native_balance: '1', native_symbol: 'ETH', tokens: [] },
      native: { symbol: 'ETH', balance_wei: `${ether}`, balance_display: '1' },
    })
    const sent = { chain: 'ethereum', from, to, value_wei: '1000000000000000', amount: '0.001', status: 'broadcast' }
    expect(await lines.send()).toMatchObject({ ...sent, tx_hash: chain.sent.at(-1)?.id })

    // client.webhooks
    const hook = (await lines.createWebhook()) as { id: string }
    expect(hook).toMatchObject({ url: 'https://example.com/webhook', events: wantedEvents, secret })

    // client.risk
    expect(await lines.riskEvents()).toMatchObject({ events: [] })
    const { id: vault_id } = await owner.vaults.create({ name: 'my-vault', description: 'Production secrets' })
    const honeytoken = {
      vault_id,
      org_id: org,
      secret_path: 'canary/secret-key',
      created_by: ownerId,
      triggered_count: 0,
    }
    expect(await lines.createHoneytoken(vault_id)).toMatchObject({ honeytoken })

    // client.approvals
    const asked = await agent.approvals.request({
      ...{ action: 'deploy.release', target_type: 'service', target_id: 'shop', summary: { text: 'Release 1.2' } },
    })
    expect(await lines.pending()).toMatchObject({ approvals: [{ id: asked.id, agent_id, status: 'pending' }] })
    expect(await lines.decide(asked.id)).toMatchObject({ id: asked.id, status: 'approved', decided_by: ownerId })
    expect(await lines.pending()).toMatchObject({ approvals: [] })

    // The events that the webhook is for. The amount of the transaction is in wei, as the comment of the seed says.
    expect(await lines.submit(agent_id)).toMatchObject({ status: 'broadcast', value_wei: '1000000000000000' })
    await owner.treasury.update({ treasury_id, executor_agent_id: agent_id })
    chain.mine()
    await owner.treasury.executeProposal({ treasury_id, proposal_id: proposed.id })
    chain.mine()
    world.clock.advance(60_000)
    // The first run sees the block, and the second one delivers what the first one stored.
    for (let run = 0; run < 2; run++) await world.pawl.runJobs()
    expect(await owner.treasury.getProposal({ treasury_id, proposal_id: proposed.id })).toMatchObject({
      status: 'executed',
    })
    const { deliveries } = await owner.webhooks.deliveries({ webhook_id: hook.id })
    // The proposal is executed by a transaction of the agent, which is broadcast too.
    expect(deliveries.map(({ event }) => event).sort()).toEqual(['agent.transaction.broadcast', ...wantedEvents])
  }
  return served(work, { chains: ({ name }) => (name === 'ethereum' ? chain : null) })
})
