import { existsSync, rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialiseToken } from '@pawl/adapters/hsm/pkcs11'
import { isLong } from '../test-run/index.ts'
import { hasPart } from './index.ts'
import { pkcs11jsPath, pkcs11jsRemedy } from './pkcs11js.ts'

const places = ['/usr/lib/softhsm', '/usr/lib64/pkcs11', '/usr/local/lib/softhsm', '/opt/homebrew/lib/softhsm']

/** Where the module of SoftHSM2 is. */
export const softHsmModule =
  places.map((folder) => join(folder, 'libsofthsm2.so')).find((path) => existsSync(path)) ?? ''

export const isSoftHsmInstalled = softHsmModule !== ''

/** For tests: a token, and the driver that Pawl reaches it through. Those of real tokens take long. */
export const hasSoftHsm =
  isLong('real tokens (SoftHSM2)') &&
  hasPart('SoftHSM2', 'Run: apt-get install softhsm2', isSoftHsmInstalled) &&
  hasPart('pkcs11js', pkcs11jsRemedy, pkcs11jsPath !== null)

export interface SoftToken {
  /** With `module-path` and `pin-source`. */
  readonly uri: string
  /** The same without `pin-source`, for tests that give the PIN themselves. */
  readonly bareUri: string
  readonly pin: string
  readonly pinFile: string
  /** The folder of the token. A test that moves it away simulates an unplugged token. */
  readonly folder: string
  /** What processes that use the token need; set in this process too, whose children inherit it. */
  readonly env: { readonly SOFTHSM2_CONF: string }
  destroy(): Promise<void>
}

/** Made once and copied, because a module takes its time to initialise a token. */
const pins = { pin: `pin-${crypto.randomUUID()}`, soPin: `so-${crypto.randomUUID()}` }
const made = new Map<string, Promise<{ readonly uri: string; readonly folder: string }>>()

/**
 * A token of SoftHSM2 of one's own, with a PIN and nothing in it. One at a time: the module finds its tokens through the
 * environment.
 *
 * @example
 * const token = await newToken()
 * const hsm = pkcs11({ uri: token.uri })
 */
export async function newToken({ label = 'pawl' } = {}): Promise<SoftToken> {
  if (!made.has(label)) made.set(label, makeToken(label))
  const original = await made.get(label)
  if (!original) throw new Error('no token was made')
  const root = await mkdtemp(join(tmpdir(), 'pawl-softhsm-'))
  const [folder, pinFile] = [join(root, 'tokens'), join(root, 'pin')]
  await cp(original.folder, folder, { recursive: true })
  await writeFile(pinFile, `${pins.pin}\n`, { mode: 0o600 })
  const before = process.env.SOFTHSM2_CONF
  const config = await useFolder(root, folder)
  const destroy = async () => {
    useConfig(before)
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }
  const uri = `${original.uri}&pin-source=file:${pinFile}`
  return { uri, bareUri: original.uri, pin: pins.pin, pinFile, folder, env: { SOFTHSM2_CONF: config }, destroy }
}

async function makeToken(label: string) {
  const root = await mkdtemp(join(tmpdir(), 'pawl-softhsm-'))
  const folder = join(root, 'tokens')
  await mkdir(folder, { mode: 0o700 })
  const before = process.env.SOFTHSM2_CONF
  await useFolder(root, folder)
  const [soPin, pin] = [pins.soPin, pins.pin].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array]
  const uri = await initialiseToken({ modulePath: softHsmModule, label, soPin, pin })
  useConfig(before)
  process.once('exit', () => rmSync(root, { recursive: true, force: true }))
  return { uri, folder }
}

async function useFolder(root: string, folder: string): Promise<string> {
  const config = join(root, 'softhsm2.conf')
  await writeFile(config, `directories.tokendir = ${folder}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  useConfig(config)
  return config
}

function useConfig(path: string | undefined): void {
  if (path === undefined) delete process.env.SOFTHSM2_CONF
  else process.env.SOFTHSM2_CONF = path
}
