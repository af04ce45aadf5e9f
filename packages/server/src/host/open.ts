import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { type Root, softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl, type Log, type Pawl } from '@pawl/core'
import { memoryStorage } from '@pawl/core/ports/reference'
import type { Config } from './config.ts'

/** Opens the engine that a configuration describes. The one place where adapters are chosen. */
export async function openPawl(config: Config, log?: Log): Promise<Pawl> {
  const crypto = nodeCrypto()
  const storage = storageOf(config)
  const hsm = softwareHsm({ path: config.hsm ?? join(config.dataDir, 'keys'), root: rootOf(config), crypto })
  const { rateLimits, strictKeys } = config
  const publicUrl = config.publicUrl ?? urlOf(config.host, config.port)
  try {
    return await createPawl({ storage, hsm, crypto, rateLimits, strictKeys, publicUrl, ...(log ? { log } : {}) })
  } catch (error) {
    // Both hold locks that a next try would run into.
    await Promise.allSettled([storage.close(), hsm.close()])
    throw error
  }
}

function storageOf({ storage, dataDir }: Config) {
  if (storage?.kind === 'memory') return memoryStorage()
  return sqlite({ path: storage?.path ?? join(dataDir, 'vault.db') })
}

function rootOf({ rootKey, rootPassphrase, rootKeyFile, dataDir }: Config): Root {
  if (rootKey) return { key: rootKey }
  if (rootPassphrase !== null) return { passphrase: rootPassphrase }
  return { keyFile: rootKeyFile ?? join(dataDir, 'root.key') }
}

/** Where a server that listens here is reached from this machine. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
