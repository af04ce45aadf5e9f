import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { type Root, softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { type AuditVerifier, createPawl, type Log, openAuditVerifier, type Pawl } from '@pawl/core'
import { memoryStorage } from '@pawl/core/ports/reference'
import { type Config, ConfigError } from './config.ts'

/** Opens the engine that a configuration describes. The one place where adapters are chosen. */
export async function openPawl(config: Config, log?: Log): Promise<Pawl> {
  const { crypto, storage, hsm } = partsOf(config)
  const { rateLimits, strictKeys } = config
  const publicUrl = config.publicUrl ?? urlOf(config.host, config.port)
  return createPawl({ storage, hsm, crypto, rateLimits, strictKeys, publicUrl, ...(log ? { log } : {}) })
}

/**
 * Lets somebody check the audit trail of a vault that is not running, and closes it again. Where there is no vault, none
 * is made.
 */
export async function withAuditVerifier<T>(config: Config, work: (verifier: AuditVerifier) => Promise<T>): Promise<T> {
  for (const path of config.storage?.kind === 'memory' ? [] : [databaseOf(config), keysOf(config)]) {
    if (!existsSync(path)) throw new ConfigError(`There is no vault: ${path} is missing. Set PAWL_DATA_DIR.`)
  }
  const { crypto, storage, hsm } = partsOf(config)
  try {
    await storage.setup()
    return await work(await openAuditVerifier({ crypto, storage, hsm }))
  } finally {
    await Promise.allSettled([storage.close(), hsm.close()])
  }
}

function partsOf(config: Config) {
  const crypto = nodeCrypto()
  const storage = config.storage?.kind === 'memory' ? memoryStorage() : sqlite({ path: databaseOf(config) })
  return { crypto, storage, hsm: softwareHsm({ path: keysOf(config), root: rootOf(config), crypto }) }
}

function databaseOf({ storage, dataDir }: Config): string {
  return (storage?.kind === 'sqlite' ? storage.path : null) ?? join(dataDir, 'vault.db')
}

function keysOf({ hsm, dataDir }: Config): string {
  return hsm ?? join(dataDir, 'keys')
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
