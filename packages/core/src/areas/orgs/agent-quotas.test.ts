import { tagged } from '@pawl/testkit/canary'
import { testPawl, type WorldAgent } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: one agent cannot fill a vault, whatever it creates (M14). Method: each kind of thing that an agent can create, up to
// its limit, many at once, and again after some are gone.

interface Made {
  /** Creates the next one. */
  create(): Promise<unknown>
  /** Makes room for one. */
  remove(): Promise<unknown>
}

interface Case {
  readonly what: 'vaults' | 'secrets' | 'shares' | 'policies'
  readonly option: 'agentVaultsMax' | 'agentSecretsMax' | 'agentSharesMax' | 'agentPoliciesMax'
  open(world: Open): Promise<Made>
}

type Open = Awaited<ReturnType<typeof opened>>

async function opened(options: Parameters<typeof testPawl>[0]) {
  const world = await testPawl({ keepDeletedMs: 0, ...options })
  const bot = await world.agent({ name: 'bot' })
  const other = await world.agent({ name: 'other' })
  const vault = async (as: WorldAgent['as']) => (await as.vaults.create({ name: `of-bot-${count++}` })).id
  return { ...world, bot, other, vault }
}

let count = 0

const cases: readonly Case[] = [
  {
    what: 'vaults',
    option: 'agentVaultsMax',
    open: async ({ bot }) => ({
      create: () => bot.as.vaults.create({ name: `v-${count++}` }),
      remove: async () => bot.as.vaults.delete({ vault_id: (await bot.as.vaults.list({})).vaults[0]?.id ?? '' }),
    }),
  },
  {
    what: 'secrets',
    option: 'agentSecretsMax',
    open: async ({ bot, vault, owner, pawl }) => {
      const vault_id = await vault(bot.as)
      return {
        create: () => bot.as.secrets.put({ vault_id, path: `s/${count++}`, value: tagged('value') }),
        remove: async () => {
          const { path = '' } = (await bot.as.secrets.list({ vault_id })).secrets[0] ?? {}
          await bot.as.secrets.delete({ vault_id, path })
          await owner.secrets.purge({ vault_id, path })
          await pawl.runJobs()
        },
      }
    },
  },
  {
    what: 'shares',
    option: 'agentSharesMax',
    open: async ({ bot, vault, other }) => {
      const vault_id = await vault(bot.as)
      await bot.as.secrets.put({ vault_id, path: 'a', value: tagged('value') })
      const share = { vault_id, secret_path: 'a', recipient_type: 'agent' as const, recipient_id: other.id }
      return {
        create: () => bot.as.sharing.createByPath(share),
        remove: async () => {
          const { shares } = await bot.as.sharing.outbound({})
          await bot.as.sharing.revoke({ share_id: shares[0]?.id ?? '' })
        },
      }
    },
  },
  {
    what: 'policies',
    option: 'agentPoliciesMax',
    open: async ({ bot, vault, other }) => {
      const vault_id = await vault(bot.as)
      const principal = { principal_type: 'agent' as const, principal_id: other.id }
      const made: string[] = []
      return {
        create: async () => {
          const policy = { vault_id, secret_path_pattern: `s/${count++}`, permissions: ['read' as const], ...principal }
          made.push((await bot.as.policies.create(policy)).id)
        },
        remove: () => bot.as.policies.delete({ vault_id, policy_id: made.pop() ?? '' }),
      }
    },
  },
]

describe.each(cases)('M14: $what of one agent', ({ what, option, open }) => {
  const variable = `PAWL_AGENT_${what.toUpperCase()}_MAX`
  const key = `agent_${what}_max`
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'created',
      (error) => error.code as string,
    )

  it('are as many as the server allows, of many calls at once, and again as many when one is gone', async () => {
    await using world = await opened({ [option]: 3 })
    const { create, remove } = await open(world)
    const codes = await Promise.all(Array.from({ length: 12 }, () => codeOf(create())))
    expect(codes.filter((one) => one === 'created')).toHaveLength(3)
    expect(new Set(codes)).toEqual(new Set(['created', 'resource_limit_exceeded']))
    await remove()
    expect([await codeOf(create()), await codeOf(create())]).toEqual(['created', 'resource_limit_exceeded'])
    await expect(create()).rejects.toThrow(
      `An agent can create at most 3 ${what}. An operator can change the limit (${variable}).`,
    )
  })

  it('are fewer where the organisation says so, never more than the server allows, and none at zero', async () => {
    await using world = await opened({ [option]: 3 })
    const { create } = await open(world)
    await create()
    await world.owner.orgs.changeSetting({ key, value: '1' })
    await expect(create()).rejects.toThrow(`at most 1 ${what}. An admin can change the limit (${key}).`)
    await world.owner.orgs.changeSetting({ key, value: '50' })
    await create()
    await create()
    await expect(create()).rejects.toThrow(variable)
    await world.owner.orgs.changeSetting({ key, value: '0' })
    await expect(create()).rejects.toThrow(`at most 0 ${what}.`)
  })
})

describe('M14: what counts', () => {
  it('is what an agent creates in vaults of others, and not what it writes to a secret that exists', async () => {
    await using world = await testPawl({ agentSecretsMax: 1 })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const bot = await world.agent({ policies: [{ vault_id, pattern: '**', permissions: ['read', 'write'] }] })
    const put = (path: string) => bot.as.secrets.put({ vault_id, path, value: tagged('value') })
    await world.owner.secrets.put({ vault_id, path: 'of/owner', value: tagged('value') })
    await put('of/owner')
    await put('of/bot')
    await put('of/bot')
    // Whoever writes the newest version, the secret counts for its creator.
    await world.owner.secrets.put({ vault_id, path: 'of/bot', value: tagged('value') })
    await expect(put('more')).rejects.toMatchObject({ code: 'resource_limit_exceeded' })
    await world.owner.secrets.delete({ vault_id, path: 'of/bot' })
    await world.owner.secrets.purge({ vault_id, path: 'of/bot' })
    await put('instead')
    await expect(put('more')).rejects.toMatchObject({ code: 'resource_limit_exceeded' })
    for (let at = 0; at < 3; at++) await world.owner.secrets.put({ vault_id, path: `h/${at}`, value: tagged('value') })
  })

  it('is nothing that a human creates', async () => {
    const none = { agentVaultsMax: 0, agentSecretsMax: 0, agentSharesMax: 0, agentPoliciesMax: 0 }
    await using world = await testPawl(none)
    const { owner } = world
    const { id: principal_id } = await world.agent()
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await owner.secrets.put({ vault_id, path: 'a', value: tagged('value') })
    await owner.sharing.createByPath({ vault_id, secret_path: 'a' })
    const agent = { principal_type: 'agent' as const, principal_id }
    await owner.policies.create({ vault_id, secret_path_pattern: 'a', permissions: ['read'], ...agent })
  })

  it('is no share that expired, was used up or went with its vault', async () => {
    await using world = await testPawl({ agentSharesMax: 2 })
    const bot = await world.agent()
    const other = await world.agent()
    const shared = async (name: string, more: { max_access_count?: number; expires_at?: string } = {}) => {
      const { id: vault_id } = await bot.as.vaults.create({ name })
      await bot.as.secrets.put({ vault_id, path: 'a', value: tagged('value') })
      const to = { recipient_type: 'agent' as const, recipient_id: other.id }
      const share = () => bot.as.sharing.createByPath({ vault_id, secret_path: 'a', ...to, ...more })
      return { vault_id, share }
    }
    const once = await shared('one', { max_access_count: 1 })
    const { id: share_id } = await once.share()
    const short = await shared('two', { expires_at: '2026-01-01T01:00:00Z' })
    await short.share()
    await expect(short.share()).rejects.toMatchObject({ code: 'resource_limit_exceeded' })
    await other.as.sharing.accept({ share_id })
    await other.as.sharing.access({ share_id })
    await short.share()
    world.clock.advance(2 * 3_600_000)
    const long = await shared('three')
    await long.share()
    await long.share()
    await expect(long.share()).rejects.toMatchObject({ code: 'resource_limit_exceeded' })
    await bot.as.vaults.delete({ vault_id: long.vault_id })
    await world.pawl.runJobs()
    const last = await shared('four')
    await last.share()
  })

  it('lets two hundred secrets of one agent be created at once', async () => {
    await using world = await testPawl()
    const bot = await world.agent()
    const { id: vault_id } = await bot.as.vaults.create({ name: 'own' })
    const put = (at: number) => bot.as.secrets.put({ vault_id, path: `s/${at}`, value: tagged('value') })
    await Promise.all(Array.from({ length: 200 }, (_, at) => put(at)))
    expect((await bot.as.secrets.list({ vault_id })).secrets).toHaveLength(200)
  })
})
