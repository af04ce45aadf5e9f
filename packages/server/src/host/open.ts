import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { type Describing, pkcs11 } from '@pawl/adapters/hsm/pkcs11'
import { type SoftwareHsmOptions, softwareHsm } from '@pawl/adapters/hsm/software'
import { postgres } from '@pawl/adapters/storage/postgres'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { type Around, createPawl, type Log, type Pawl } from '@pawl/core'
import { type AuditVerifier, type AuditVerifierOptions, openAuditVerifier } from '@pawl/core/maintenance'
import type { Hsm, Portable, Random, RotatingRoot, Sealable } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import { areasOf } from './areas.ts'
import type { Config, StorageChoice } from './config.ts'
import { ConfigError } from './config-error.ts'
import { withKeysKept } from './keep-keys.ts'
import { keyStoresOf } from './key-stores.ts'
import { moneyServicesOf } from './money-services.ts'
import { observedHsm } from './observed-hsm.ts'
import { outsideOf } from './outside.ts'
import { type ChosenStorage, pluggedStorage } from './plugged-storage.ts'
import { policyEngineOf } from './policy-engine.ts'
import { rootOf } from './roots.ts'
import { shroudPluginsOf } from './shroud-plugins.ts'

/** An engine and its parts. */
export interface Vault extends Parts {
  readonly pawl: Pawl
}

/** Opens the engine that a configuration describes. */
export async function openPawl(config: Config, log?: Log): Promise<Pawl> {
  return (await openVault(config, log)).pawl
}

/** The same, for callers who also need the parts that the engine runs on. Closing the engine closes the parts too. */
export async function openVault(
  config: Config,
  log?: Log,
  given?: Parts & { readonly random?: Random },
  around?: Around,
): Promise<Vault> {
  refuseLost(config)
  const areas = await areasOf(config)
  const policyEngine = await policyEngineOf(config)
  const moneyServices = await moneyServicesOf(config)
  const shroud = await shroudPluginsOf(config)
  const chosen = given ?? (await partsOf(config))
  const parts = around ? observed(chosen, around) : chosen
  const {
    rateLimits,
    strictKeys,
    auditSync,
    auditKeep: auditKeepMs,
    cacheMb,
    keepDeletedMs,
    agentVaultsMax,
    agentSecretsMax,
    agentSharesMax,
    agentPoliciesMax,
    usdPrices,
    tiers,
    depositConfirmations,
    signUp,
    geo,
    identityProviders,
    modelProviders,
    modelPrices,
  } = config
  const settings = {
    rateLimits,
    strictKeys,
    auditSync,
    auditKeepMs,
    keepDeletedMs,
    agentVaultsMax,
    agentSecretsMax,
    agentSharesMax,
    agentPoliciesMax,
    usdPrices,
    tiers,
    depositConfirmations,
    signUp,
    geo,
    identityProviders: identityProviders ?? [],
    modelProviders,
    modelPrices: modelPrices ?? {},
    cacheBytes: cacheMb * 1024 * 1024,
  }
  const publicUrl = publicUrlOf(config)
  const options = {
    ...parts,
    ...(await outsideOf(config)),
    ...(policyEngine ? { policyEngine } : {}),
    moneyServices,
    shroud,
    areas,
    ...settings,
    publicUrl,
    ...(log ? { log } : {}),
    ...(around ? { around } : {}),
  }
  const pawl: Pawl = await createPawl(options)
  return { ...parts, pawl }
}

/**
 * Opens the audit trail of a vault that is not running, for verification, and closes it after the work. It does not create a
 * vault.
 */
export async function withAuditVerifier<T>(
  config: Config,
  work: (verifier: AuditVerifier) => Promise<T>,
  expected: AuditVerifierOptions['expected'] = [],
): Promise<T> {
  return withParts(config, async (parts) => work(await openAuditVerifier({ ...parts, expected })))
}

/** Opens the parts of a vault that is not running, and closes them after the work. It does not create a vault. */
export async function withParts<T>(config: Config, work: (parts: Parts) => Promise<T>): Promise<T> {
  refuseNoVault(config)
  const parts = await partsOf(config)
  try {
    await parts.storage.setup()
    return await work(parts)
  } finally {
    await closeParts(parts)
  }
}

/** Creates what is missing in a storage that other programs run. A file needs no setup, and an empty one would be no vault. */
export async function setUpStorage(config: Config): Promise<void> {
  if (isInFile(config.storage) || config.storage?.kind === 'memory') {
    throw new ConfigError(
      'PAWL_STORAGE must name a PostgreSQL database or a storage module. SQLite and memory need no setup.',
    )
  }
  const storage = await storageOf(config.storage, config)
  try {
    await storage.setup()
  } finally {
    await storage.close()
  }
}

/** Opens only the HSM, and closes it after the work. It does not create an HSM. */
export async function withHsm<T>(config: Config, work: (hsm: ChosenHsm) => Promise<T>): Promise<T> {
  if (config.hsm?.kind !== 'pkcs11') refuseMissing(keysOf(config))
  const hsm = hsmOf(config)
  try {
    return await work(hsm)
  } finally {
    await hsm.close()
  }
}

/** Refuses a vault that does not exist, because opening it would create an empty one. */
export function refuseNoVault(config: Config): void {
  if (config.storage?.kind === 'memory') return
  if (isInFile(config.storage)) refuseMissing(databaseOf(config))
  if (config.hsm?.kind !== 'pkcs11') refuseMissing(keysOf(config))
}

/** Keys are made after their database, so they are never alone. A new vault beside them would hide that one was lost. */
function refuseLost(config: Config): void {
  const { storage, hsm } = config
  if (!isInFile(storage) || hsm?.kind === 'pkcs11') return
  const [database, keys] = [databaseOf(config), keysOf(config)]
  if (!existsSync(keys) || existsSync(database)) return
  throw new ConfigError(
    `${database} is missing, but the keys of its vault exist: ${keys}. Restore the database. Or move the keys ` +
      'away, then restore a backup or start a new vault.',
  )
}

export function refuseMissing(path: string): void {
  if (!existsSync(path)) throw new ConfigError(`No vault found: ${path} is missing. Set PAWL_DATA_DIR.`)
}

export type Parts = Awaited<ReturnType<typeof partsOf>>

/** The parts that a configuration describes, not opened yet. Adapters are chosen only here. */
export async function partsOf(config: Config) {
  const crypto = nodeCrypto()
  const keyStores = keyStoresOf(config)
  return { crypto, storage: await storageOf(config.storage, config), hsm: withKeysKept(hsmOf(config)), keyStores }
}

function observed(parts: Parts, around: Around): Parts {
  const keyStores = Object.entries(parts.keyStores).map(([name, one]) => [
    name,
    { ...one, hsm: observedHsm(one.hsm, around) },
  ])
  return { ...parts, hsm: observedHsm(parts.hsm, around), keyStores: Object.fromEntries(keyStores) }
}

/** Closes parts that no engine uses. */
async function closeParts({ storage, hsm, keyStores }: Parts): Promise<void> {
  const keyStoreHsms = Object.values(keyStores).map((one) => one.hsm)
  await Promise.allSettled([storage, hsm, ...keyStoreHsms].map((one) => one.close()))
}

/** The abilities of an HSM beyond the port depend on its kind. */
export type ChosenHsm = Hsm & Partial<Sealable & RotatingRoot & Portable & Describing>

function hsmOf(config: Config): ChosenHsm {
  const { hsm, hsmPin } = config
  if (hsm?.kind !== 'pkcs11') return softwareHsm(softwareOptions(config))
  return pkcs11({ uri: hsm.uri, ...(hsmPin === null ? {} : { pin: hsmPin }) })
}

/** The chosen store. Default: the SQLite file of the data folder. */
export async function storageOf(chosen: StorageChoice | null, config: Config): Promise<ChosenStorage> {
  if (chosen?.kind === 'memory') return memoryStorage()
  if (chosen?.kind === 'module') return pluggedStorage(chosen.module)
  return chosen?.kind === 'postgres'
    ? postgres({ url: chosen.url })
    : sqlite({ path: chosen?.path ?? databaseOf(config) })
}

export function softwareOptions(config: Config): SoftwareHsmOptions {
  const path = keysOf(config)
  return { path, ...rootOf(config, path), crypto: nodeCrypto() }
}

/** Whether all records of a vault are in one SQLite file. */
export function isInFile(storage: StorageChoice | null): boolean {
  return storage === null || storage.kind === 'sqlite'
}

export function databaseOf({ storage, dataDir }: Config): string {
  return (storage?.kind === 'sqlite' ? storage.path : null) ?? join(dataDir, 'vault.db')
}

export function keysOf({ hsm, dataDir }: Config): string {
  return hsm?.kind === 'software' ? hsm.path : join(dataDir, 'keys')
}

/** The URL that clients use for the server of a configuration. */
export function publicUrlOf({ publicUrl, host, port, tlsCert }: Config): string {
  return publicUrl ?? urlOf(host, port, tlsCert === null ? 'http' : 'https')
}

/** The URL of a local server for clients on this machine. */
export function urlOf(host: string, port: number, scheme: 'http' | 'https'): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
