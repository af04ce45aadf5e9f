import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { checkKeys, placeKeys, rootKindIn, softwareHsm } from '@pawl/adapters/hsm/software'
import {
  type Backup,
  backUp,
  type Checked,
  checkRestorable,
  migrate,
  type Progress,
  readBackup,
  restore,
} from '@pawl/core/backup'
import { joinRootShares, parseRootShare, type RootShare } from '@pawl/core/ceremony'
import type { Crypto, Snapshot } from '@pawl/core/ports'
import { type Config, type StorageChoice, settings } from './config.ts'
import { ConfigError } from './config-error.ts'
import { askControl, askControlStream, type ControlHandlers, type ControlStream } from './control.ts'
import { examineParts } from './doctor.ts'
import { keyStoresOf } from './key-stores.ts'
import { databaseOf, type Parts, partsOf, softwareOptions, storageOf, withParts } from './open.ts'
import { type ChosenStorage, hasSnapshot } from './plugged-storage.ts'
import { Unfit } from './settings.ts'

export type BackupBytes = ControlStream<{ readonly records: number }>

/** What a running server does for the operator of its vault. */
export function keepingHandlers(parts: Parts): ControlHandlers {
  return {
    running: async () => true,
    examine: async () => examineParts(parts, Date.now()),
    backup: async () => backupOf(parts),
  }
}

/** Calls `work` with a backup of the vault, from the running server or from the vault itself. */
export async function withBackup<T>(config: Config, work: (backup: BackupBytes) => Promise<T>): Promise<T> {
  const running = await askControlStream<{ records: number }>(config.dataDir, 'backup')
  return running ? work(running) : withParts(config, (parts) => work(backupOf(parts)))
}

function backupOf(parts: Parts): BackupBytes {
  const stream = backUp({ ...parts, storage: copyable(parts.storage) })
  return { bytes: whileKept(stream.bytes, parts), summary: () => ({ records: stream.records }) }
}

/** Destroys no key until the first bytes arrive. Then the backup already has the keys that the records need. */
async function* whileKept(bytes: AsyncIterable<Uint8Array>, { hsm }: Parts): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]()
  try {
    const first = await hsm.whileKept(() => pieces.next())
    for (let piece = first; !piece.done; piece = await pieces.next()) yield piece.value
  } finally {
    await pieces.return?.()
  }
}

/** Restores a backup to the storage of the settings, which must be empty. Also restores its keys, if it has them. */
export async function restoreVault(
  config: Config,
  bytes: AsyncIterable<Uint8Array>,
  progress: Progress,
  askShare: AskShare,
) {
  await refuseRunning(config)
  if (config.storage?.kind === 'memory')
    throw new ConfigError('PAWL_STORAGE is memory:, which stores nothing permanently. Set another storage.')
  const crypto = nodeCrypto()
  const backup = await readBackup(bytes, crypto)
  refuseOtherKeys(backup, config)
  const { image } = backup
  const isShared = image !== null && rootKindIn(image, crypto) === 'shares'
  const shares = isShared ? await joinedShares(crypto, askShare) : null
  const keys = () => ({ ...softwareOptions(config), ...(shares && { root: { shares: shares.slice() } }) })
  if (image) await checkKeys(keys(), image)
  const storage = copyable(await storageOf(config.storage, config))
  const keyStores = keyStoresOf(config)
  const opened: { close(): Promise<void> }[] = [storage, ...Object.values(keyStores).map(({ hsm }) => hsm)]
  try {
    await storage.setup()
    await checkRestorable(storage, backup)
    if (image) await placeKeys(keys(), image)
    const hsm = image ? softwareHsm(keys()) : (await partsOf({ ...config, keyStores: {} })).hsm
    opened.push(hsm)
    return { createdAt: backup.createdAt, ...(await restore({ backup, storage, hsm, keyStores, crypto, progress })) }
  } finally {
    shares?.fill(0)
    await Promise.allSettled(opened.map((one) => one.close()))
  }
}

/** Asks for the next share. `problem` has the reason why the last one was refused. */
export type AskShare = (given: number, needed: number | null, problem: string | null) => Promise<string>

/** The root key of the custodians, joined from the threshold of shares. */
async function joinedShares(crypto: Crypto, ask: AskShare): Promise<Uint8Array> {
  const shares: RootShare[] = []
  let problem: string | null = null
  for (;;) {
    const share = parseRootShare(await ask(shares.length, shares[0]?.threshold ?? null, problem), crypto)
    if (typeof share === 'string') problem = 'This is not a root share, or it has a typing error.'
    else if (shares.some(({ set }) => set !== share.set)) problem = 'This share belongs to another set.'
    else if (shares.some(({ index }) => index === share.index)) problem = 'This share was already entered.'
    else if (shares.push(share) >= share.threshold) return joinRootShares(shares)
    else problem = null
  }
}

function refuseOtherKeys({ image, provider }: Backup, { hsm }: Config): void {
  if (image && hsm?.kind === 'pkcs11') {
    throw new ConfigError(
      'The backup contains its keys as a file. Set PAWL_HSM to software:<path>. Later, pawl keys move can move them.',
    )
  }
  if (!image && hsm?.kind !== 'pkcs11') {
    throw new ConfigError(`The keys of the backup are in their HSM (${provider}). Set PAWL_HSM to this HSM.`)
  }
}

/** Copies the records of a vault to another store. Its keys stay where they are. */
export async function migrateVault(
  config: Config,
  { from, to }: { readonly from: StorageChoice | null; readonly to: StorageChoice | null },
  progress: Progress,
): Promise<Checked> {
  await refuseRunning(config)
  requireSource(from, config)
  if (isDeepStrictEqual(named(from, config), named(to, config))) {
    throw new ConfigError('The source and the target are the same storage.')
  }
  const { hsm, keyStores, crypto } = await partsOf(config)
  const source = copyable(await storageOf(from, config))
  const target = copyable(await storageOf(to, config))
  try {
    await source.setup()
    await target.setup()
    return await migrate({ from: source, to: target, hsm, keyStores, crypto, progress })
  } finally {
    const keyStoreHsms = Object.values(keyStores).map((one) => one.hsm)
    await Promise.allSettled([source, target, hsm, ...keyStoreHsms].map((one) => one.close()))
  }
}

/** A storage of a plug-in may have no snapshot, from which copies are made and checked. */
function copyable(storage: ChosenStorage): ChosenStorage & Snapshot {
  if (hasSnapshot(storage)) return storage
  throw new ConfigError('The storage has no snapshot, so Pawl cannot copy it. Back it up with its own tools.')
}

/** Parses the name of a store like the setting. Answers the problem if the name is not valid. */
export function storageNamed(given: string): { storage: StorageChoice | null; problem: string | null } {
  try {
    return { storage: settings.storage.read(given), problem: null }
  } catch (error) {
    if (error instanceof Unfit) return { storage: null, problem: error.message }
    throw error
  }
}

/** Refuses a source store that does not exist, because opening it would create an empty one. */
function requireSource(from: StorageChoice | null, config: Config): void {
  const { kind, ...where } = named(from, config)
  const keys = config.hsm?.kind === 'pkcs11' ? [] : [softwareOptions(config).path]
  const paths = 'path' in where ? [where.path, ...keys] : keys
  const missing = paths.find((path) => !existsSync(path))
  if (missing) throw new ConfigError(`The source holds no vault: ${missing} is missing.`)
  if (kind === 'memory')
    throw new ConfigError('A memory: storage cannot be the source, because it ends with its process.')
}

function named(chosen: StorageChoice | null, config: Config): StorageChoice {
  return chosen ?? { kind: 'sqlite', path: databaseOf(config) }
}

export async function refuseRunning({ dataDir }: Config): Promise<void> {
  if (await askControl(dataDir, 'running')) throw new ConfigError(`A server runs on ${dataDir}. Stop it first.`)
}
