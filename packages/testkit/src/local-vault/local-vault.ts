import { type Area, createPawl, type Pawl } from '@pawl/core'
import {
  manualClock,
  memoryHsm,
  memoryMailer,
  memoryStorage,
  seededRandom,
  systemRandom,
} from '@pawl/core/ports/reference'
import { nodeListener } from '@pawl/server/http'
import { cheapPasswords } from '../world/world.ts'
import { actsOf, trailOf } from './activity.ts'
import { type Furnished, furnish } from './furnish.ts'
import { listenOnLoopback } from './loopback.ts'
import { checkOnlyRead } from './only-read.ts'
import type { LocalVaultOptions } from './options.ts'
import type { LocalVault } from './vault.ts'

/**
 * A throwaway vault over HTTP, in memory, for testing agents: real routes, real policies, real events, gone at the end.
 *
 * @example
 * await using vault = await startLocalVault({
 *   secrets: { 'db/password': 'hunter2' },
 *   agents: { reporter: ['db/*'] },
 * })
 * await runMyAgent(vault.agents.reporter.env)
 * await vault.assertOnlyRead({ reporter: ['db/password'] })
 */
export async function startLocalVault<
  Agent extends string = never,
  Vault extends string = 'default',
  const Areas extends readonly Area[] = readonly [],
>(options: LocalVaultOptions<Agent, Vault, Areas> = {}): Promise<LocalVault<Agent, Vault, Areas>> {
  const { seed, port = 0 } = options
  const clock = manualClock(seed === undefined ? Date.now() : '2026-01-01T00:00:00Z')
  const mailer = memoryMailer()
  const random = seed === undefined ? systemRandom : seededRandom(seed)
  const loopback = await listenOnLoopback(port)
  const { url } = loopback
  const open: { close(): Promise<void> }[] = [loopback]
  const close = async () => {
    for (const one of open.splice(0)) await one.close()
  }
  try {
    const pawl = await createPawl<Areas>({
      storage: memoryStorage(),
      hsm: memoryHsm({ random }),
      publicUrl: url,
      background: false,
      rateLimits: false,
      passwordCost: cheapPasswords,
      ...options.engine,
      random,
      clock,
      mailer,
    })
    open.push(pawl)
    loopback.answerWith(nodeListener(pawl, { now: clock.now }))
    const furnished = await furnish(pawl as Pawl, options)
    const outbox = {
      to: async (address: string) => {
        await pawl.runJobs()
        return mailer.sent.filter(({ to }) => to === address)
      },
    }
    const inside = { url, pawl, clock, outbox, ...shown(pawl as Pawl, url, furnished) }
    return { ...inside, close, [Symbol.asyncDispose]: close } as unknown as LocalVault<Agent, Vault, Areas>
  } catch (error) {
    await close()
    throw error
  }
}

function shown(pawl: Pawl, url: string, { owner, vaults, agents }: Furnished) {
  const [vaultId = ''] = vaults.values()
  const actsOfAll = async () => {
    const trail = await trailOf(owner)
    return new Map([...agents].map(([name, { id }]) => [name, actsOf(trail, id, vaults)]))
  }
  const shownAgents = [...agents].map(([name, { id, key }]) => [
    name,
    {
      id,
      key,
      client: pawl.as({ agent: id }),
      env: environment({ url, vaultId, id, key }),
      activity: async () => actsOf(await trailOf(owner), id, vaults),
    },
  ])
  return {
    owner,
    vaultId,
    vaults: Object.fromEntries([...vaults].map(([name, id]) => [name, { id }])),
    agents: Object.fromEntries(shownAgents),
    assertOnlyRead: async (expected: Readonly<Record<string, readonly string[]>>, { also = [] as string[] } = {}) =>
      checkOnlyRead({ acts: await actsOfAll(), expected, also, vaults: [...vaults.keys()] }),
  }
}

/** Under the names that the published clients, their tools and our own look for. */
function environment({ url, vaultId, id, key }: Readonly<Record<'url' | 'vaultId' | 'id' | 'key', string>>) {
  return {
    ONECLAW_BASE_URL: url,
    ONECLAW_API_URL: url,
    ONECLAW_AGENT_ID: id,
    ONECLAW_AGENT_API_KEY: key,
    ONECLAW_VAULT_ID: vaultId,
    PAWL_URL: url,
    PAWL_API_KEY: key,
  }
}
