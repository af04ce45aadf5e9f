import type { RequestListener } from 'node:http'
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
import { mcp } from '@pawl/server/mcp'
import { loopbackEgress, startFakeChain, startFakeModel } from '../fakes/index.ts'
import { listenWith } from '../fakes/loopback.ts'
import { cheapPasswords } from '../world/world.ts'
import { actsOf, trailOf } from './activity.ts'
import { type Furnished, furnish } from './furnish.ts'
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
  // The engine needs its own address at the start, so the listener starts before the engine and answers 503 until then.
  let answer: RequestListener = (_, response) => response.writeHead(503).end()
  const open = keptOpen()
  try {
    const { url } = await open.keep(listenWith((request, response) => answer(request, response), options.port))
    const parts = partsFrom(options.seed)
    const hsm = memoryHsm(parts)
    const settings = { publicUrl: url, background: false, rateLimits: false, passwordCost: cheapPasswords }
    const pawl = await open.keep(
      createPawl<Areas>({
        storage: memoryStorage(),
        hsm,
        egress: loopbackEgress(),
        checkOutputs: 'always',
        ...settings,
        ...options.engine,
        ...parts,
      }),
    )
    const { origins = [] } = options
    answer = nodeListener(pawl, { now: parts.clock.now, origins, mounts: { '/mcp': mcp(pawl) } })
    const furnished = await furnish(pawl as Pawl, options)
    const vault = {
      url,
      pawl,
      clock: parts.clock,
      ...shown(pawl as Pawl, url, furnished),
      ...outside(pawl, parts.mailer, open.keep),
      close: open.close,
      [Symbol.asyncDispose]: open.close,
    }
    // Only the caller knows the names.
    return vault as unknown as LocalVault<Agent, Vault, Areas>
  } catch (error) {
    await open.close()
    throw error
  }
}

/** What a test may turn, read or foresee. */
function partsFrom(seed: string | undefined) {
  const random = seed === undefined ? systemRandom : seededRandom(seed)
  const clock = manualClock(seed === undefined ? Date.now() : '2026-01-01T00:00:00Z')
  return { random, clock, mailer: memoryMailer() }
}

type Keep = <T extends { close(): Promise<void> }>(opening: Promise<T>) => Promise<T>

function keptOpen(): { readonly keep: Keep; close(): Promise<void> } {
  const open: { close(): Promise<void> }[] = []
  return {
    keep: async (opening) => {
      const opened = await opening
      open.push(opened)
      return opened
    },
    close: async () => {
      for (const one of open.splice(0)) await one.close()
    },
  }
}

function outside(
  pawl: Pick<Pawl, 'runJobs'>,
  mailer: ReturnType<typeof memoryMailer>,
  keep: Keep,
): Pick<LocalVault, 'outbox' | 'chain' | 'model'> {
  return {
    outbox: {
      to: async (address) => {
        await pawl.runJobs()
        return mailer.sent.filter(({ to }) => to === address)
      },
    },
    chain: (options) => keep(startFakeChain(options)),
    model: (options) => keep(startFakeModel(options)),
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
    PAWL_VAULT_ID: vaultId,
  }
}
