import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import type { Pawl } from '@pawl/core'
import { formatEnv, parseEnv } from '@pawl/core/dotenv'
import { memoryHsm, memoryStorage, seededRandom } from '@pawl/core/ports/reference'
import { readConfig } from './config.ts'
import { withKeysKept } from './keep-keys.ts'
import { makePassword } from './owner.ts'
import { type Started, start } from './start.ts'

export interface DevOptions {
  /** The same seed gives the same password and, in memory, the same ids and keys. Default: random, and kept with the folder. */
  readonly seed?: string | undefined
  readonly port: number
  /** The folder of the vault. Default: in memory. */
  readonly folder?: string
}

/** A development vault. Every user who knows the seed can open it. */
export interface Dev extends Pick<Started, 'url' | 'stop'> {
  readonly email: string
  readonly password: string
  /** The environment for the process of an agent. */
  readonly env: Readonly<Record<string, string>>
}

const email = 'dev@localhost'

/** Opens the vault with sample data. It listens only on loopback. */
export async function startDev({ seed: given, port, folder }: DevOptions): Promise<Dev> {
  // The control socket needs a folder, even for a vault in memory.
  const dataDir = folder === undefined ? mkdtempSync(join(tmpdir(), 'pawl-dev-')) : resolve(folder)
  const seed = given ?? seedIn(dataDir)
  const password = makePassword(diceOf(`${seed} password`))
  const config = readConfig({
    PAWL_PORT: String(port),
    PAWL_DATA_DIR: dataDir,
    PAWL_OWNER_EMAIL: email,
    PAWL_OWNER_PASSWORD: password,
    PAWL_RATE_LIMITS: 'off',
    ...(folder === undefined ? { PAWL_STORAGE: 'memory:' } : {}),
  })
  // A page of another site can make its own name point at this machine.
  const known = { hosts: [], origins: [] }
  const started = await start(config, folder === undefined ? throwawayParts(seed) : undefined, { known })
  const stop = async () => {
    await started.stop()
    if (folder === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const kept = join(dataDir, 'dev.env')
    const things = existsSync(kept) ? parseEnv(readFileSync(kept, 'utf8')) : await furnish(started.pawl)
    if (folder !== undefined) writeFileSync(kept, formatEnv(things), { mode: 0o600 })
    return { url: started.url, stop, email, password, env: { PAWL_URL: started.url, ...things } }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The seed of this folder. With one password for all vaults, any page that a developer opens could sign in. */
function seedIn(dataDir: string): string {
  const file = join(dataDir, 'dev.seed')
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const seed = randomUUID()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  writeFileSync(file, seed, { mode: 0o600 })
  return seed
}

function throwawayParts(seed: string) {
  const random = seededRandom(seed)
  return {
    crypto: nodeCrypto(),
    storage: memoryStorage(),
    hsm: withKeysKept(memoryHsm({ random })),
    keyStores: {},
    random,
  }
}

function diceOf(seed: string): (limit: number) => number {
  const random = seededRandom(seed)
  return (limit) => new DataView(random.bytes(4).buffer).getUint32(0) % limit
}

/** One vault, a few secrets, and an agent that may read some of them. */
async function furnish(pawl: Pawl): Promise<Readonly<Record<string, string>>> {
  const { user } = await pawl.firstOwner({ email })
  const owner = pawl.as({ user })
  const { id: vault_id } = await owner.vaults.create({ name: 'default' })
  const put = (path: string, type: string, value: string) => owner.secrets.put({ vault_id, path, type, value })
  await put('api-keys/stripe-key', 'api_key', 'an-example-key')
  await put('db/password', 'password', 'an-example-password')
  await put('config/env', 'env_bundle', 'GREETING=hello\nDEBUG=1\n')
  const { agent, api_key } = await owner.agents.create({ name: 'dev-agent' })
  for (const pattern of ['api-keys/**', 'config/**']) {
    const principal = { principal_type: 'agent', principal_id: agent.id } as const
    await owner.policies.create({ vault_id, secret_path_pattern: pattern, permissions: ['read'], ...principal })
  }
  return { PAWL_API_KEY: api_key?.reveal() ?? '', PAWL_VAULT_ID: vault_id }
}
