import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPawl, type Pawl, type PawlOptions } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { nodeListener } from '@pawl/server/http'
import { cheapPasswords } from '../world/world.ts'

type Client = ReturnType<Pawl['as']>

export interface LocalVaultOptions {
  /** Secrets to begin with, by path. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Agents to begin with, by name, and the paths each may read. */
  readonly agents?: Readonly<Record<string, readonly string[]>>
  /** A free one, unless told. Always on loopback. */
  readonly port?: number
  /** Anything else of the engine: a clock, a mailer. */
  readonly engine?: Partial<PawlOptions>
}

export interface LocalVault extends AsyncDisposable {
  /** The base URL for a client. */
  readonly url: string
  readonly vaultId: string
  readonly agents: Readonly<Record<string, { readonly id: string; readonly key: string }>>
  readonly pawl: Pawl
  /** The owner, in this process. */
  readonly owner: Client
  close(): Promise<void>
}

/**
 * A throwaway vault over HTTP, in memory, for testing agents: real routes, real policies, real events, gone at the end.
 *
 * @example
 * await using vault = await startLocalVault({
 *   secrets: { 'db/password': 'hunter2' },
 *   agents: { reporter: ['db/*'] },
 * })
 * await runMyAgent({ baseUrl: vault.url, apiKey: vault.agents.reporter.key, vaultId: vault.vaultId })
 */
export async function startLocalVault(options: LocalVaultOptions = {}): Promise<LocalVault> {
  let answer: ReturnType<typeof nodeListener> = (_, response) => response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const pawl = await createPawl({
    storage: memoryStorage(),
    hsm: memoryHsm(),
    publicUrl: url,
    background: false,
    rateLimits: false,
    passwordCost: cheapPasswords,
    ...options.engine,
  })
  answer = nodeListener(pawl)
  const close = async () => {
    await stop(server)
    await pawl.close()
  }
  return { url, pawl, close, ...(await furnish(pawl, options)), [Symbol.asyncDispose]: close }
}

async function furnish(pawl: Pawl, { secrets = {}, agents = {} }: LocalVaultOptions) {
  const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
  const owner = pawl.as({ user })
  const { id: vaultId } = await owner.vaults.create({ name: 'default' })
  for (const [path, value] of Object.entries(secrets)) await owner.secrets.put({ vault_id: vaultId, path, value })
  const made: Record<string, { id: string; key: string }> = {}
  for (const [name, paths] of Object.entries(agents)) made[name] = await furnishAgent(owner, vaultId, name, paths)
  return { owner, vaultId, agents: made }
}

async function furnishAgent(owner: Client, vaultId: string, name: string, paths: readonly string[]) {
  const { agent, api_key } = await owner.agents.create({ name })
  const reader = { principal_type: 'agent' as const, principal_id: agent.id, permissions: ['read' as const] }
  for (const path of paths) await owner.policies.create({ vault_id: vaultId, secret_path_pattern: path, ...reader })
  return { id: agent.id, key: api_key?.reveal() ?? '' }
}

/** Nobody waits for a vault that is thrown away: what is open is closed. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
