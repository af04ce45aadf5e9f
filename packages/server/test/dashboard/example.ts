import { tagged } from '@pawl/testkit/canary'
import type { World } from '@pawl/testkit/world'
import { ownerEmail } from './served.ts'

export interface Example {
  readonly vaultId: string
  readonly agentId: string
  /** The agent that pays, and has a payment that waits for a person. */
  readonly payerId: string
  readonly webhookId: string
  readonly appId: string
  readonly treasuryId: string
}

type Person = ReturnType<World['pawl']['as']>

const dayMs = 86_400_000

const paths = [
  'api-keys/openai',
  'api-keys/stripe/live',
  'api-keys/stripe/test',
  'db/production/password',
  'db/production/url',
  'db/staging/password',
  'deploy/ssh',
]

/** A vault of the owner as one looks after some weeks: folders, versions, agents, policies, refusals. */
export async function exampleVault(world: World): Promise<Example> {
  const { owner, pawl, clock } = world
  const { members } = await owner.orgs.listMembers()
  const ada = pawl.as({ user: members.find(({ email }) => email === ownerEmail)?.id ?? '' })
  const { id: vaultId } = await ada.vaults.create({ name: 'production', description: 'What the live system needs.' })
  await ada.vaults.create({ name: 'staging', description: 'Copies with less in them.' })
  for (const path of paths) {
    await ada.secrets.put({
      vault_id: vaultId,
      path,
      value: tagged('value'),
      type: path.includes('key') ? 'api_key' : null,
    })
  }
  clock.advance(9 * dayMs)
  await ada.secrets.put({ vault_id: vaultId, path: 'db/production/password', value: tagged('second') })
  await ada.secrets.put({
    vault_id: vaultId,
    path: 'app/env',
    type: 'env_bundle',
    value: `LOG_LEVEL=info\nTOKEN=${tagged('token')}\n`,
  })
  const { agent: bot, api_key } = await ada.agents.create({
    name: 'deploy-bot',
    description: 'Deploys the application.',
    environment: 'production',
  })
  const { agent: reader } = await ada.agents.create({
    name: 'report-reader',
    description: 'Reads numbers for reports.',
  })
  const may = { vault_id: vaultId, principal_type: 'agent', permissions: ['read'] } as const
  await ada.policies.create({
    ...may,
    secret_path_pattern: 'db/**',
    principal_id: bot.id,
    permissions: ['read', 'rotate'],
  })
  await ada.policies.create({ ...may, secret_path_pattern: 'deploy/*', principal_id: bot.id })
  await ada.policies.create({ ...may, secret_path_pattern: 'api-keys/**', principal_id: reader.id })
  await ada.policies.create({
    ...may,
    secret_path_pattern: 'api-keys/stripe/live',
    principal_id: reader.id,
    effect: 'deny',
    priority: 10,
  })
  clock.advance(2 * dayMs)
  const asBot = pawl.as(api_key?.reveal() ?? '')
  await asBot.secrets.get({ vault_id: vaultId, path: 'db/production/password' })
  await asBot.secrets.get({ vault_id: vaultId, path: 'api-keys/openai' }).catch(() => {})
  await asBot.approvals.request({
    ...{ action: 'invoice.pay', target_type: 'invoice', target_id: 'INV-204', reason: 'It is due tomorrow.' },
    summary: { supplier: 'Paper & Co', amount: '1,240.00 EUR' },
  })
  await binding(ada, bot.id)
  await traffic(ada, bot.id)
  const payerId = await payer(world, ada)
  const webhookId = await webhook(world, ada)
  await sharing(world, ada, vaultId)
  const appId = await platform(ada)
  const treasuryId = await treasury(ada)
  await ada.risk.createHoneytoken({ vault_id: vaultId, secret_path: 'aws/root-key', notes: 'No program reads it.' })
  clock.advance(dayMs / 24)
  return { vaultId, agentId: bot.id, payerId, webhookId, appId, treasuryId }
}

export const shop = '0x000000000000000000000000000000000000dEaD'

/** An agent that has paid, was refused, and has asked for more than it may. */
async function payer(world: World, ada: Person): Promise<string> {
  const { agent, api_key } = await ada.agents.create({
    ...{ name: 'paying-bot', description: 'Pays invoices.', intents_api_enabled: true },
    ...{ tx_approval_above: '1', tx_max_value: '5', tx_daily_limit: '8', tx_max_per_day: 20 },
  })
  const { address } = await ada.signers.create({ agent_id: agent.id, chain: 'ethereum' })
  // The chain is there once it was asked.
  await ada.signers.balance({ agent_id: agent.id, chain: 'base' })
  world.chain('base').fund(address, 100n * 10n ** 18n)
  const { intents } = world.pawl.as(api_key?.reveal() ?? '')
  const pay = (value: string) => intents.submit({ agent_id: 'me', chain: 'base', to: shop, value })
  await pay('0.75')
  await pay('9').catch(() => {})
  await pay('2.5')
  return agent.id
}

async function binding(ada: Person, agent_id: string): Promise<void> {
  await ada.agents.update({ agent_id, execution_intents_enabled: true })
  await ada.bindings.create({
    ...{ agent_id, name: 'payments', binding_type: 'http', credential: tagged('sk_live') },
    config: { base_url: 'https://api.example.com/v1', allowed_methods: ['GET'] },
  })
}

async function traffic(ada: Person, agent_id: string): Promise<void> {
  await ada.agents.update({ agent_id, shroud_enabled: true })
  const asked = { agent_id, provider: 'openai', model: 'small', request_tokens: 820, response_tokens: 240 }
  for (const action of ['allowed', 'allowed', 'warned', 'blocked'] as const) {
    const injection_score = { allowed: 0, warned: 0.6, blocked: 0.93 }[action]
    await ada.shroud.recordActivity({ ...asked, action, injection_score })
  }
}

/** A webhook with a delivery that failed: the address answers nobody here. */
async function webhook(world: World, ada: Person): Promise<string> {
  const hook = { url: 'https://hooks.example.com/pawl', events: ['policy.*'], description: 'Tells the chat.' }
  const { id } = await ada.webhooks.create(hook)
  const { vaults } = await ada.vaults.list()
  const { agents } = await ada.agents.list()
  await ada.policies.create({
    ...{ vault_id: vaults[0]?.id ?? '', secret_path_pattern: 'hook/*', principal_type: 'agent' },
    ...{ principal_id: agents[0]?.id ?? '', permissions: ['read'] },
  })
  // It is tried five times, and waits longer before each.
  for (const seconds of [1, 5, 25, 125, 625]) {
    world.clock.advance(seconds * 1_000)
    await world.pawl.runJobs()
  }
  return id
}

/** A share to a link, and one that waits for the owner. */
async function sharing({ owner }: World, ada: Person, vault_id: string): Promise<void> {
  await ada.sharing.createByPath({ vault_id, secret_path: 'deploy/ssh', max_access_count: 3 })
  const { id } = await owner.vaults.create({ name: 'of a colleague' })
  await owner.secrets.put({ vault_id: id, path: 'wifi/office', value: tagged('wifi') })
  const { id: recipient_id } = await ada.auth.me()
  const forAda = { recipient_type: 'user', recipient_id } as const
  await owner.sharing.createByPath({ ...forAda, vault_id: id, secret_path: 'wifi/office' })
}

const owners = [shop, '0x71C7656EC7ab88b098defB751B7401B5f6d8976F', '0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF']

/** A Safe with a proposal that waits, and a wallet. */
async function treasury(ada: Person): Promise<string> {
  await ada.wallets.generate({ chains: ['ethereum'] })
  const { id: treasury_id } = await ada.treasury.create({
    ...{
      name: 'Team treasury',
      safe_address: '0x5aFE3855358E112B5647B952709E6165e1c1eEEe',
      chain: 'base',
      threshold: 2,
    },
    signers: owners.map((signer_address) => ({ signer_address })),
  })
  await ada.treasury.propose({ treasury_id, to: shop, value_wei: `${125n * 10n ** 16n}` })
  return treasury_id
}

async function platform(ada: Person): Promise<string> {
  const { id } = await ada.platform.createApp({
    ...{ name: 'My DeFi Platform', slug: 'my-defi', description: 'Wallets for everybody.' },
    redirect_uris: ['http://localhost:3000/callback'],
  })
  const spec = { vault: { name: 'user-vault' }, agents: [{ name: 'defi-bot' }] }
  await ada.platform.createTemplate({ app_id: id, name: 'default-template', spec })
  return id
}
