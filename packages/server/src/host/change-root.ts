import { randomBytes } from 'node:crypto'
import { type Root, type SoftwareHsm, softwareHsm } from '@pawl/adapters/hsm/software'
import { type Ceremony, openCeremony, shareRefused } from '@pawl/core/ceremony'
import { refuseRunning } from './backup.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { keysOf, refuseMissing, softwareOptions, storageOf } from './open.ts'
import { keyFileOf, wrappedRoot } from './roots.ts'

/** The prompts for the custodians, while the root of a vault is changed. */
export interface CustodianPrompts {
  /** Asks a custodian for a share. Throws when there are no more shares. */
  askShare(progress: number, threshold: number): Promise<string>
  /** Shows the reason when a share was refused. */
  refused(reason: string): void
  /** Gives a share to its custodian. */
  handOut(index: number, of: number, text: string): Promise<void>
  /** Asks a custodian to type the share they got; null when this check is skipped. */
  askBack(index: number): Promise<string | null>
  /** Asks for a new passphrase. */
  askPassphrase(): Promise<string>
}

export interface Shape {
  readonly shares: number
  readonly threshold: number
}

interface Bench {
  readonly config: Config
  readonly hsm: SoftwareHsm
  readonly ceremony: Ceremony
  readonly room: CustodianPrompts
  /** The root that seals the keys now. */
  readonly root: Root
}

/** Seals the keys under a new root in shares. Nothing changes until the last custodian has a share. */
export async function splitRoot(config: Config, wanted: Partial<Shape>, room: CustodianPrompts): Promise<Shape> {
  return atBench(config, room, (bench) => split(bench, wanted))
}

/** Seals the keys under a new root in a key file. */
export async function joinRoot(config: Config, room: CustodianPrompts): Promise<string> {
  return atBench(config, room, async (bench) => {
    await change(bench, { keyFile: keyFileOf(config) })
    return keyFileOf(config)
  })
}

/** Seals the keys under a new root that the token of PAWL_ROOT_HSM wraps. */
export async function wrapRoot(config: Config, room: CustodianPrompts): Promise<void> {
  const root = wrappedRoot(config)
  try {
    await atBench({ ...config, rootHsm: null }, room, (bench) => change(bench, root))
  } finally {
    await root.wrappedBy.close()
  }
}

/** Seals the keys under a new root of the same kind. Answers a message for the operator. */
export async function rotateRoot(config: Config, wanted: Partial<Shape>, room: CustodianPrompts): Promise<string> {
  return atBench(config, room, async (bench) => {
    const { root, hsm } = bench
    if ('shares' in root) {
      const { shares, threshold } = await split(bench, wanted)
      return `Created a new root key with ${shares} new shares. Any ${threshold} of them open the vault. Destroy the old shares.`
    }
    if ('key' in root) {
      throw new ConfigError(
        'pawl root rotate cannot replace a key in PAWL_ROOT_KEY. Run pawl root join, then unset PAWL_ROOT_KEY.',
      )
    }
    if ('passphrase' in root) {
      const passphrase = await room.askPassphrase()
      await hsm.changeRoot({ passphrase: '' }, Buffer.from(passphrase))
      return 'The passphrase was changed. Set PAWL_ROOT_PASSPHRASE to the new passphrase.'
    }
    await change(bench, root)
    return 'Created a new root key. Renew your copies of the root key and of the keys.'
  })
}

async function atBench<T>(config: Config, room: CustodianPrompts, work: (bench: Bench) => Promise<T>): Promise<T> {
  if (config.hsm?.kind === 'pkcs11')
    throw new ConfigError('PAWL_HSM names a token. A token protects its own keys, so there is no root key.')
  await refuseRunning(config)
  refuseMissing(keysOf(config))
  const options = softwareOptions(config)
  const hsm = softwareHsm(options)
  const storage = await storageOf(config.storage, config)
  try {
    await storage.setup()
    const ceremony = openCeremony({ storage, ...(options.crypto ? { crypto: options.crypto } : {}) })
    if ('shares' in options.root) await collect(hsm, ceremony, room)
    // Opens the keys, or throws with the reason.
    await hsm.image()
    return await work({ config, hsm, ceremony, room, root: options.root })
  } finally {
    await Promise.allSettled([storage.close(), hsm.close()])
  }
}

async function collect(hsm: SoftwareHsm, ceremony: Ceremony, room: CustodianPrompts): Promise<void> {
  const { threshold = 0 } = (await ceremony.shape()) ?? {}
  for (let progress = 0; ; ) {
    try {
      const { indexes, root } = await ceremony.offer(await room.askShare(progress, threshold))
      progress = indexes.length
      if (!root) continue
      await hsm.unseal(root)
      root.fill(0)
      return
    } catch (error) {
      if (!shareRefused.is(error)) throw error
      room.refused(error.message)
    }
  }
}

async function split(bench: Bench, wanted: Partial<Shape>): Promise<Shape> {
  const { hsm, ceremony, room } = bench
  const before = await ceremony.shape()
  const { shares = before?.shares ?? 5, threshold = before?.threshold ?? 3 } = wanted
  const root = randomBytes(32)
  const { set, texts } = await ceremony.prepare(root, shares, threshold)
  try {
    for (const [at, text] of texts.entries()) {
      await room.handOut(at + 1, shares, text)
      await confirm(ceremony, room, at + 1, text)
    }
  } catch (error) {
    await ceremony.settle(before?.set ?? null)
    throw error
  }
  await hsm.changeRoot({ shares: true }, root)
  await ceremony.settle(set)
  root.fill(0)
  return { shares, threshold }
}

/** Confirms that the custodian has the share, and that it is a valid share of this set. */
async function confirm(ceremony: Ceremony, room: CustodianPrompts, index: number, text: string): Promise<void> {
  for (;;) {
    const typed = await room.askBack(index)
    if (typed === null) return
    if (ceremony.isSame(typed, text)) return
    room.refused('This is not the share that was shown.')
  }
}

async function change({ hsm, ceremony }: Bench, root: Root): Promise<void> {
  const secret = randomBytes(32)
  await hsm.changeRoot(root, secret)
  await ceremony.settle(null)
  secret.fill(0)
}
