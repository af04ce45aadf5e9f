import { tagged } from '@pawl/testkit/canary'
import type { World } from '@pawl/testkit/world'
import { ownerEmail } from './served.ts'

export interface Example {
  readonly vaultId: string
  readonly agentId: string
}

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
export async function exampleVault({ owner, pawl, clock }: World): Promise<Example> {
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
  clock.advance(dayMs / 12)
  return { vaultId, agentId: bot.id }
}
