import { type AnyOperation, PawlError, registry } from '@pawl/core'
import { operationsOf, originOf } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: custody. The key of an app does what is documented and nothing else. Method: every operation of the registry is
// called with the key, with IDs of a connected user that are right, alone and in the name of the user, who has delegated
// everything. Only the operations that are written down here succeed.

/** What the key does alone. */
const byKey = [
  ...['getApp', 'appStats', 'listUsers', 'listEvents', 'upsertUser', 'bootstrap', 'reissueClaim'],
  ...['createTemplate', 'listTemplates', 'getTemplate', 'updateTemplate', 'deleteTemplate', 'previewTemplate'],
  ...['createSpendPolicy', 'listSpendPolicies', 'deleteSpendPolicy', 'setUserSpendPolicy'],
  ...['listGrants', 'connectionResources', 'delegationLog'],
].map((verb) => `platform.${verb}`)

/** What takes apps elsewhere: it looks at the text that the caller sends, and at nothing of a user. */
byKey.push('shroud.inspectContent')

/** What it does in the name of a user who allowed it, with what it made for them. */
const forUser = [
  ...['vaults.create', 'vaults.list', 'vaults.get', 'agents.create', 'agents.list', 'agents.get', 'agents.update'],
  ...['secrets.list', 'secrets.put', 'secrets.delete', 'secrets.rotate', 'secrets.disableVersion'],
  'platform.connectionResources',
]

/** What needs a grant of another vault besides: none of it works on what the app made. */
const onlyOfGranted = ['secrets.get', 'secrets.getVersion', 'secrets.listVersions']

async function connected() {
  const world = await testPawl()
  const { id: app_id, api_key } = await world.owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi' })
  const key = api_key.reveal()
  const { platform } = world.pawl.as(key)
  const spec = { vault: {}, agents: [{}], policies: [{}] }
  const { id: template_id } = await platform.createTemplate({ app_id, name: 'default', spec })
  const { connection_id, user_handle: user_id } = await platform.upsertUser({ email: 'user@example.com' })
  const { summary } = await platform.bootstrap({ connection_id })
  const { id: policy_id } = await platform.createSpendPolicy({ app_id, daily_limit_eth: '1' })
  const user = world.pawl.as({ user: user_id })
  const [vault_id, agent_id] = [summary.vault_id ?? '', summary.agent_id ?? '']
  const secret = await user.secrets.put({ vault_id, path: 'keys/one', value: tagged('v1') })
  const { grants } = await user.platform.grant({ connection_id, vault_ids: [vault_id], permissions: ['read', 'write'] })
  await user.platform.updateDelegation({
    connection_id,
    delegation_enabled: true,
    delegation_scopes: ['vaults:read', 'vaults:write', 'agents:read', 'agents:write', 'secrets:read', 'secrets:write'],
  })
  const ids = {
    ...{ app_id, template_id, connection_id, user_id, vault_id, agent_id, policy_id },
    ...{ secret_id: secret.id, path: 'keys/one', secret_path: 'keys/one', version: 1, value: 'v2' },
    ...{ grant_id: grants[0]?.id, vault_ids: [vault_id], agent_ids: [agent_id], principal_id: user_id },
    ...{ paths: ['keys/one'], name: 'made', content: 'hello', spec, email: 'other@example.com', chain: 'ethereum' },
    ...{ principal_type: 'user', secret_path_pattern: '**', permissions: ['read'] },
  }
  return { world, key, ids }
}

type Connected = Awaited<ReturnType<typeof connected>>

/** How a call with the key ended: null for a success. */
async function call({ world, key, ids }: Connected, operation: AnyOperation, forWhom: string | null) {
  const origin = { ...originOf(key), platformConnection: forWhom }
  // A second user has no resources yet.
  const other = async () => {
    const { connection_id } = await world.pawl.as(key).platform.upsertUser({ email: 'second@example.com' })
    return { ...ids, connection_id }
  }
  const input = operation.name === 'platform.bootstrap' && forWhom === null ? await other() : ids
  const { name: _, ...nameless } = input
  const given = operation.name === 'agents.update' ? { ...nameless, vault_ids: undefined, is_active: false } : input
  try {
    await world.pawl.perform(operation, given, origin)
    return null
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    return error.kind
  }
}

const guarded = operationsOf(registry).filter(({ access }) => access !== 'public')

describe('the key of an app', () => {
  it('does what is documented, and is denied every other operation', async () => {
    const shared = await connected()
    const succeeded: string[] = []
    for (const operation of guarded) {
      const isMeant = byKey.includes(operation.name)
      const outcome = await call(isMeant ? await connected() : shared, operation, null)
      if (outcome === null) succeeded.push(operation.name)
      else expect([operation.name, outcome]).toEqual([operation.name, 'denied'])
    }
    expect(succeeded.sort()).toEqual([...byKey].sort())
  }, 120_000)

  it('does in the name of a user only what can be delegated, and reads nothing of what it made', async () => {
    const shared = await connected()
    const succeeded: string[] = []
    for (const operation of guarded) {
      // A bootstrap names its connection itself, so it takes no notice of the header.
      if (operation.actsElsewhere) continue
      const isMeant = forUser.includes(operation.name)
      const found = isMeant ? await connected() : shared
      const outcome = await call(found, operation, found.ids.connection_id)
      if (outcome === null) succeeded.push(operation.name)
      else expect([operation.name, outcome]).toEqual([operation.name, 'denied'])
    }
    expect(succeeded.sort()).toEqual([...forUser].sort())
  }, 120_000)

  it('can be delegated what is written down here', () => {
    const names = operationsOf(registry).flatMap(({ name, delegable }) => (delegable ? [name] : []))
    expect(names.sort()).toEqual([...forUser, ...onlyOfGranted].sort())
  })
})
