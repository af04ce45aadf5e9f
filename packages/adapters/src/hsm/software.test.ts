import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type HsmError, type Random, utf8 } from '@pawl/core/ports'
import { systemRandom } from '@pawl/core/ports/reference'
import { type OpenedHsm, testHsm } from '@pawl/testkit/conformance'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { programFrom } from '../../../../tools/real-parts/pawl.ts'
import { isLong, some, testSeed } from '../../../../tools/test-run/index.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { placeKeys, type Root, type SoftwareHsmOptions, softwareHsm } from './software.ts'

const crypto = nodeCrypto()
const cost = { memoryKib: 64, passes: 1, lanes: 1 }
const bytes = (fill: number) => new Uint8Array(32).fill(fill)
const [now, next] = [bytes(1), bytes(2)]
const purpose = utf8('test')

const roots: Record<string, (folder: string, secret: Uint8Array | undefined) => Root> = {
  'a key file': (folder) => ({ keyFile: keyFileIn(folder) }),
  'a key': (_, secret = now) => ({ key: secret }),
  'a passphrase': (_, secret = now) => ({ passphrase: secret, cost }),
  shares: (_, secret = now) => ({ shares: secret }),
}

function keyFileIn(folder: string): string {
  const path = join(folder, 'root.key')
  if (!existsSync(path)) writeFileSync(path, now, { mode: 0o600 })
  return path
}

for (const [name, rootIn] of some('roots of the software HSM', 4, Object.entries(roots))) {
  const open = (): OpenedHsm => {
    const folder = newFolder()
    const again = (secret?: Uint8Array) =>
      softwareHsm({ path: join(folder, 'keys'), root: rootIn(folder, secret), crypto })
    const elsewhere = async (image: Uint8Array, secret?: Uint8Array) => {
      const other = join(folder, 'elsewhere')
      mkdirSync(other, { mode: 0o700 })
      const root = 'keyFile' in rootIn(folder, secret) && secret ? { key: secret } : rootIn(folder, secret)
      await placeKeys({ path: join(other, 'keys'), root, crypto }, image)
      return softwareHsm({ path: join(other, 'keys'), root, crypto })
    }
    const destroy = () => rmSync(folder, { recursive: true })
    return { hsm: again(), again, elsewhere, secrets: [now, next], destroy }
  }
  testHsm(`softwareHsm under ${name}`, open, { describe, it })
}

let folder: string
let path: string

beforeEach(() => {
  folder = newFolder()
  path = join(folder, 'keys')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pawl-hsm-'))
}

function hsmHere(options: Partial<SoftwareHsmOptions> = {}) {
  return softwareHsm({ path, root: { key: now }, crypto, ...options })
}

async function made(uris: readonly string[], options: Partial<SoftwareHsmOptions> = {}): Promise<void> {
  const hsm = hsmHere(options)
  for (const uri of uris) await hsm.createKey(uri, 'aes-256')
  await hsm.close()
}

/** What opening the file comes to. */
async function failure(options: Partial<SoftwareHsmOptions> = {}): Promise<Pick<HsmError, 'failure' | 'message'>> {
  const hsm = hsmHere(options)
  const error = await hsm.wrap('pawl:a', bytes(0), purpose).then(
    () => new Error('nothing was thrown'),
    (thrown) => thrown,
  )
  if (error.failure !== 'key_missing') expect(await hsm.status()).toBe('unavailable')
  await hsm.close()
  return error
}

async function use(hsm: ReturnType<typeof hsmHere>, ...uris: readonly string[]): Promise<void> {
  for (const uri of uris) await hsm.wrap(uri, bytes(0), purpose)
}

/** Opens the file and uses these keys of it. */
async function opens(uris: readonly string[], options: Partial<SoftwareHsmOptions> = {}): Promise<void> {
  const hsm = hsmHere(options)
  await use(hsm, ...uris)
  await hsm.close()
}

describe('an image of softwareHsm', () => {
  const elsewhere = () => join(folder, 'elsewhere', 'keys')
  const place = (image: Uint8Array, key = now) => placeKeys({ path: elsewhere(), root: { key }, crypto }, image)

  async function imageOf(uris: readonly string[]): Promise<Uint8Array> {
    await made(uris)
    const hsm = hsmHere()
    const image = await hsm.image()
    await hsm.close()
    return image
  }

  it('is the file itself, and becomes one that is for its owner alone', async () => {
    const image = await imageOf(['pawl:a', 'pawl:b'])
    expect(Buffer.compare(image, readFileSync(path))).toBe(0)
    await place(image)
    expect(statSync(elsewhere()).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['keys'])
    await opens(['pawl:a', 'pawl:b'], { path: elsewhere() })
  })

  it('can be placed again, but never over other keys', async () => {
    const image = await imageOf(['pawl:a'])
    await place(image)
    await place(image)
    await made(['pawl:b'], { path: elsewhere() })
    const before = readFileSync(elsewhere())
    await expect(place(image)).rejects.toThrow('holds other keys. Move them away first')
    expect(readFileSync(elsewhere()).equals(before)).toBe(true)
  })

  it('is not placed when the root does not open it, when it is cut or changed, or is something else', async () => {
    const image = await imageOf(['pawl:a', 'pawl:b'])
    const changed = image.slice()
    changed[image.length - 1] = (changed[image.length - 1] ?? 0) ^ 1
    for (const bad of [image.slice(0, -1), image.slice(0, 70), changed, utf8('no keys')]) {
      await expect(place(bad)).rejects.toMatchObject({ failure: 'not_authentic' })
    }
    await expect(place(image, next)).rejects.toThrow('This is not a root key that opens')
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false)
  })
})

describe('the files of softwareHsm', () => {
  it('are readable only by their owner, whatever the umask', async () => {
    const before = process.umask(0)
    const deep = join(folder, 'data', 'pawl', 'keys')
    const keyFile = join(folder, 'root', 'root.key')
    const hsm = hsmHere({ path: deep, root: { keyFile } })
    await hsm.createKey('pawl:a', 'aes-256')
    await hsm.rotateRoot(next)
    process.umask(before)
    for (const file of [deep, `${deep}.lock`, keyFile]) expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const one of ['data', 'data/pawl', 'root']) expect(statSync(join(folder, one)).mode & 0o777).toBe(0o700)
    await hsm.close()
  })

  it('are refused with the remedy when others may use them', async () => {
    const keyFile = join(folder, 'root.key')
    await made(['pawl:a'], { root: { keyFile } })
    for (const [file, mode, remedy] of [
      [path, 0o640, '600'],
      [path, 0o602, '600'],
      [keyFile, 0o604, '600'],
      [folder, 0o750, '700'],
    ] as const) {
      const right = statSync(file).mode
      chmodSync(file, mode)
      expect(await failure({ root: { keyFile } })).toMatchObject({
        failure: 'unavailable',
        message: `Other users of this machine can access ${file}. Run: chmod ${remedy} '${file}'`,
      })
      chmodSync(file, right)
    }
    await opens(['pawl:a'], { root: { keyFile } })
  })

  it('hold no key and no URI in the clear', async () => {
    const drawn: string[] = []
    const random: Random = {
      bytes: (count) => {
        const fresh = systemRandom.bytes(count)
        if (count === 32) drawn.push(Buffer.from(fresh).toString('hex'))
        return fresh
      },
    }
    const hsm = hsmHere({ random })
    for (const type of ['aes-256', 'ed25519', 'p-256', 'secp256k1'] as const) await hsm.createKey(`pawl:${type}`, type)
    expect(drawn).toHaveLength(4)
    for (const name of readdirSync(folder)) {
      const image = readFileSync(join(folder, name))
      for (const secret of drawn) expect(image.includes(Buffer.from(secret, 'hex'))).toBe(false)
      expect(image.includes('pawl:')).toBe(false)
    }
    await hsm.close()
  })

  it('hold nothing of a destroyed key, and no draft', async () => {
    const hsm = hsmHere()
    await hsm.createKey('pawl:a', 'aes-256')
    const before = readFileSync(path)
    await hsm.createKey('pawl:b', 'aes-256')
    const sealed = readFileSync(path).subarray(before.length)
    await hsm.destroyKey('pawl:b')
    const after = readFileSync(path)
    expect(after.length).toBe(before.length)
    for (let at = 0; at + 16 <= sealed.length; at++) expect(after.includes(sealed.subarray(at, at + 16))).toBe(false)
    expect(readdirSync(folder).sort()).toEqual(['keys', 'keys.lock'])
    await hsm.close()
    expect(readdirSync(folder)).toEqual(['keys'])
  })

  it('grow by one record for a key, and by nothing for a key that is there', async () => {
    const hsm = hsmHere()
    const lengths: number[] = []
    for (const uri of ['pawl:a', 'pawl:b', 'pawl:a', 'pawl:c']) {
      await hsm.createKey(uri, 'aes-256')
      lengths.push(statSync(path).size)
    }
    const [a = 0, b = 0, again = 0, c = 0] = lengths
    expect([again - b, c - again]).toEqual([0, b - a])
    await hsm.close()
  })
})

describe('a root of softwareHsm', () => {
  it('is refused at once when it could never seal anything', () => {
    expect(() => hsmHere({ root: { passphrase: '' } })).toThrow('a passphrase must not be empty')
    expect(() => hsmHere({ root: { key: bytes(1).subarray(1) } })).toThrow('a root key must be 32 bytes')
  })

  it.each([
    ['is missing', undefined],
    ['is a path', 'data/root.key'],
    ['has a misspelt name', { keyfile: 'data/root.key' }],
  ])('that %s is refused at once, with what it can be', (_, root) => {
    expect(() => softwareHsm({ path, root: root as never })).toThrow(
      'softwareHsm: the option root must have one of keyFile, passphrase, key, shares, wrappedBy',
    )
  })

  it.each([[undefined], [null]])('is asked for where there are no options at all: %j', (options) => {
    expect(() => softwareHsm(options as never)).toThrow('softwareHsm: the option root must have one of')
  })

  it('that is wrong opens nothing and says so, and the right one does afterwards', async () => {
    await made(['pawl:a'], { root: { passphrase: 'correct horse', cost } })
    expect(await failure({ root: { passphrase: 'Correct horse', cost } })).toMatchObject({
      failure: 'not_authentic',
      message: `This is not a passphrase that opens ${path}.`,
    })
    expect(await failure()).toMatchObject({
      failure: 'not_authentic',
      message: `${path} is encrypted with a passphrase, not with a root key.`,
    })
    await opens(['pawl:a'], { root: { passphrase: 'correct horse' } })
  })

  it('of a passphrase costs what the file says, by default 64 MiB and three passes', async () => {
    const costs: unknown[] = []
    const counting = {
      ...crypto,
      argon2id: async (...args: Parameters<typeof crypto.argon2id>) => {
        costs.push(args[2])
        return bytes(9)
      },
    }
    await made(['pawl:a'], { root: { passphrase: 'long enough' }, crypto: counting })
    await made(['pawl:a'], { root: { passphrase: 'long enough', cost }, crypto: counting })
    expect(costs).toEqual([
      { memoryKib: 65_536, passes: 3, lanes: 1 },
      { memoryKib: 65_536, passes: 3, lanes: 1 },
    ])
  })

  it('is made as a file of 32 random bytes when there are no keys yet', async () => {
    const keyFile = join(folder, 'root.key')
    await made(['pawl:a'], { root: { keyFile } })
    expect(statSync(keyFile).size).toBe(32)
    await opens(['pawl:a'], { root: { keyFile } })
  })

  it('is never made anew when there are keys', async () => {
    const keyFile = join(folder, 'root.key')
    await made(['pawl:a'], { root: { keyFile } })
    rmSync(keyFile)
    expect(await failure({ root: { keyFile } })).toMatchObject({
      failure: 'unavailable',
      message: `The keys exist, but the root key ${keyFile} is missing. Restore it.`,
    })
    expect(existsSync(keyFile)).toBe(false)
    writeFileSync(keyFile, bytes(3).subarray(1), { mode: 0o600 })
    expect(await failure({ root: { keyFile } })).toMatchObject({ failure: 'not_authentic' })
  })

  it('in a file is replaced when it is rotated, whatever moment the process dies at', async () => {
    const keyFile = join(folder, 'root.key')
    const root = { keyFile }
    await made(['pawl:a'], { root })
    const [oldRoot, oldKeys] = [readFileSync(keyFile), readFileSync(path)]
    const hsm = hsmHere({ root })
    await hsm.rotateRoot(next)
    await hsm.close()
    expect(readFileSync(keyFile)).toEqual(Buffer.from(next))
    const newKeys = readFileSync(path)
    for (const keys of [oldKeys, newKeys]) {
      writeFileSync(keyFile, oldRoot, { mode: 0o600 })
      writeFileSync(`${keyFile}.next`, next, { mode: 0o600 })
      writeFileSync(path, keys)
      const opened = hsmHere({ root })
      await use(opened, 'pawl:a')
      await opened.close()
      expect(readFileSync(keyFile)).toEqual(keys === oldKeys ? oldRoot : Buffer.from(next))
      expect(existsSync(`${keyFile}.next`)).toBe(false)
    }
  })

  it('that was rotated away opens nothing', async () => {
    const hsm = hsmHere()
    await hsm.createKey('pawl:a', 'aes-256')
    await hsm.rotateRoot(next)
    await hsm.close()
    expect(await failure()).toMatchObject({
      failure: 'not_authentic',
      message: `This is not a root key that opens ${path}.`,
    })
    await opens(['pawl:a'], { root: { key: next } })
  })

  it('may be wiped by its owner once the HSM was made', async () => {
    await made(['pawl:a'])
    const key = now.slice()
    const hsm = hsmHere({ root: { key } })
    key.fill(0)
    await use(hsm, 'pawl:a')
    await hsm.close()
  })
})

describe('softwareHsm without its file', () => {
  it('makes none when it is asked for a key, so that the one that is missing can be put back', async () => {
    const hsm = hsmHere()
    await expect(hsm.unwrap('pawl:a', new Uint8Array(60), new Uint8Array(0))).rejects.toMatchObject({
      failure: 'key_missing',
      message: `The key file ${path} is missing. Restore it.`,
    })
    expect(await hsm.status()).toBe('ok')
    expect(existsSync(path)).toBe(false)
    await hsm.close()
  })
})

describe('a key file of softwareHsm', () => {
  const uris = ['pawl:a', 'pawl:b', 'pawl:c']
  let image: Buffer
  let starts: number[]

  beforeEach(async () => {
    const hsm = hsmHere()
    starts = []
    // A file without keys: it is made for the first one.
    await hsm.createKey('pawl:first', 'aes-256')
    await hsm.destroyKey('pawl:first')
    for (const uri of uris) {
      starts.push(statSync(path).size)
      await hsm.createKey(uri, 'aes-256')
    }
    await hsm.close()
    image = readFileSync(path)
  })

  it('that was cut short anywhere in its last record opens without that record, and takes keys again', async () => {
    const [, , last = 0] = starts
    for (let length = last + 1; length < image.length; length += 7) {
      writeFileSync(path, image.subarray(0, length))
      const hsm = hsmHere()
      await use(hsm, 'pawl:b')
      await expect(use(hsm, 'pawl:c')).rejects.toMatchObject({ failure: 'key_missing' })
      expect(statSync(path).size).toBe(last)
      await hsm.createKey('pawl:d', 'aes-256')
      await hsm.close()
      const again = hsmHere()
      for (const uri of ['pawl:a', 'pawl:b', 'pawl:d']) await use(again, uri)
      await again.close()
    }
  })

  it('is refused, and left as it is, when a single byte of it was changed', async () => {
    const bytes = [...image.keys()].filter((at) => at % 4 === testSeed % 4)
    for (const at of some('bytes of a key file that are changed', 2, bytes)) {
      const changed = Buffer.from(image)
      changed.writeUInt8(image.readUInt8(at) ^ 0x10, at)
      writeFileSync(path, changed)
      expect(await failure(), `byte ${at}`).toMatchObject({ failure: 'not_authentic' })
      expect(readFileSync(path)).toEqual(changed)
    }
    writeFileSync(path, image)
    await opens(['pawl:c'])
  })

  it('is refused when a record was left out, swapped, repeated or added, and says where', async () => {
    const [a = 0, b = 0, c = 0] = starts
    const [head, first, second, third] = [
      image.subarray(0, a),
      image.subarray(a, b),
      image.subarray(b, c),
      image.subarray(c),
    ]
    for (const [parts, at] of [
      [[head, second, third], a],
      [[head, first, third], b],
      [[head, second, first, third], a],
      [[head, first, first, second, third], b],
      [[head, first, second, third, third], image.length],
      [[head, first, second, third, Buffer.alloc(40)], image.length],
      [[head, first, second, Buffer.alloc(third.length)], c],
    ] as const) {
      writeFileSync(path, Buffer.concat([...parts]))
      const message = `${path} is damaged at byte ${at}. Restore it from a backup. Pawl did not change the file.`
      expect(await failure()).toMatchObject({ failure: 'not_authentic', message })
    }
  })

  it('is refused when it holds a record of another file under the same root', async () => {
    const elsewhere = join(folder, 'elsewhere', 'keys')
    await made(uris, { path: elsewhere })
    const [a = 0, b = 0] = starts
    const other = readFileSync(elsewhere)
    writeFileSync(path, Buffer.concat([image.subarray(0, a), other.subarray(a, b), image.subarray(b)]))
    expect(await failure()).toMatchObject({ failure: 'not_authentic' })
    writeFileSync(path, Buffer.concat([other.subarray(0, a), image.subarray(a)]))
    expect(await failure()).toMatchObject({ failure: 'not_authentic' })
  })

  it('is refused when it is something else, empty, or from a newer version', async () => {
    for (const content of ['', 'PAWL', 'SQLite format 3', image.subarray(0, 62), image.subarray(0, 70)]) {
      writeFileSync(path, content)
      expect(await failure()).toMatchObject({ failure: 'not_authentic' })
    }
    const newer = Buffer.from(image)
    newer.writeUInt8(2, 8)
    writeFileSync(path, newer)
    expect(await failure()).toMatchObject({ message: `A newer version of Pawl wrote ${path}. Use that version.` })
  })

  it('is a backup when it is copied while keys are created', async () => {
    const hsm = hsmHere()
    const creating = Promise.all(Array.from({ length: 30 }, (_, at) => hsm.createKey(`pawl:${at}`, 'aes-256')))
    const copy = join(folder, 'copy')
    copyFileSync(path, copy)
    await creating
    await hsm.close()
    const backup = hsmHere({ path: copy })
    for (const uri of uris) await use(backup, uri)
    await backup.close()
  })
})

describe('two processes of softwareHsm', () => {
  it('do not use one key file: the second is told which the first is, and may when the first is closed', async () => {
    const first = hsmHere()
    await first.createKey('pawl:a', 'aes-256')
    expect(await failure()).toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining(`The keys are in use by process ${process.pid}`),
    })
    await use(first, 'pawl:a')
    await first.close()
    await opens(['pawl:a'])
  })

  it('do not use one key file when only one of many opens it', async () => {
    await made(['pawl:a'])
    const rivals = Array.from({ length: 8 }, () => hsmHere())
    const statuses = await Promise.all(rivals.map((hsm) => hsm.status()))
    expect(statuses.filter((status) => status === 'ok')).toHaveLength(1)
    for (const hsm of rivals) await hsm.close()
  })

  it('are told apart from one that is gone, or whose number another process has now', async () => {
    await made(['pawl:a'])
    const gone = spawn(process.execPath, ['--version'])
    await once(gone, 'exit')
    for (const claim of [`${gone.pid} 1 x\n`, `${process.pid} 1 x\n`, '', 'nonsense']) {
      writeFileSync(`${path}.lock`, claim, { mode: 0o600 })
      const hsm = hsmHere()
      expect(await hsm.status()).toBe('ok')
      await hsm.close()
    }
  })

  it('never write over one another: who lost the file makes and destroys nothing more, but still uses its keys', async () => {
    const first = hsmHere()
    await first.createKey('pawl:a', 'aes-256')
    rmSync(`${path}.lock`)
    const second = hsmHere()
    await second.createKey('pawl:b', 'aes-256')
    const image = readFileSync(path)
    for (const change of [() => first.createKey('pawl:c', 'aes-256'), () => first.destroyKey('pawl:a')]) {
      await expect(change()).rejects.toMatchObject({
        failure: 'unavailable',
        message: `Another process changed ${path}. Stop that process and restart.`,
      })
    }
    expect(await first.status()).toBe('degraded')
    await use(first, 'pawl:a')
    expect(readFileSync(path)).toEqual(image)
    await first.close()
    await second.createKey('pawl:c', 'aes-256')
    await second.close()
  })

  it('never write after bytes that are not theirs', async () => {
    const hsm = hsmHere()
    await hsm.createKey('pawl:a', 'aes-256')
    appendFileSync(path, 'x')
    await expect(hsm.createKey('pawl:b', 'aes-256')).rejects.toMatchObject({ failure: 'unavailable' })
    truncateSync(path, statSync(path).size - 1)
    await hsm.close()
    await opens(['pawl:a'])
  })
})

describe('the memory of softwareHsm', () => {
  /** The bytes of each key, as the HSM itself holds them. */
  function watched() {
    const drawn: Uint8Array[] = []
    const random: Random = {
      bytes: (count) => {
        const fresh = systemRandom.bytes(count)
        if (count === 32) drawn.push(fresh)
        return fresh
      },
    }
    return { hsm: hsmHere({ random }), drawn, wiped: () => drawn.map((secret) => secret.every((byte) => byte === 0)) }
  }

  it('holds no key once it is sealed', async () => {
    const { hsm, wiped } = watched()
    for (const uri of ['pawl:a', 'pawl:b']) await hsm.createKey(uri, 'ed25519')
    expect(wiped()).toEqual([false, false])
    await hsm.seal()
    expect(wiped()).toEqual([true, true])
    await hsm.unseal(now)
    await hsm.sign('pawl:a', purpose)
    await hsm.close()
  })

  it('holds no key once it is closed, and none that was destroyed', async () => {
    const { hsm, wiped } = watched()
    for (const uri of ['pawl:a', 'pawl:b']) await hsm.createKey(uri, 'aes-256')
    await hsm.destroyKey('pawl:b')
    expect(wiped()).toEqual([false, true])
    await hsm.rotateRoot(next)
    await use(hsm, 'pawl:a')
    await hsm.close()
    expect(wiped()).toEqual([true, true])
    await expect(use(hsm, 'pawl:a')).rejects.toMatchObject({ failure: 'unavailable', message: 'The HSM was closed.' })
  })

  it('is not filled again by a seal that was never asked to open', async () => {
    await made(['pawl:a'])
    const hsm = hsmHere()
    await hsm.seal()
    expect(await hsm.status()).toBe('sealed')
    await expect(use(hsm, 'pawl:a')).rejects.toMatchObject({ failure: 'sealed' })
    await hsm.unseal(now)
    await use(hsm, 'pawl:a')
    await hsm.close()
  })
})

describe.runIf(isLong('processes of the software HSM that are killed'))(
  'a process of softwareHsm that is killed',
  () => {
    it('has lost no key that it had created, and the next takes over', async () => {
      for (let round = 0; round < 4; round++) {
        const child = creator()
        const created = await someLines(child, 15 + round * 10)
        // Node must not even know that it goes.
        child.kill('SIGKILL')
        const rest = await child.ended
        const hsm = hsmHere()
        for (const uri of [...created, ...rest]) await use(hsm, uri)
        await hsm.createKey(`pawl:round/${round}`, 'aes-256')
        await hsm.close()
      }
      const hsm = hsmHere()
      for (let round = 0; round < 4; round++) await use(hsm, `pawl:round/${round}`)
      await hsm.close()
    })

    it.runIf(existsSync('/proc/self/stat'))('is dead also when its parent never asks how it ended', async () => {
      const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [pid] = String((await once(parent.stdout, 'data'))[0]).split('\n')
      const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      await hsmHere().close()
      writeFileSync(join(folder, 'keys.lock'), `${pid} ${stat()[19]} claim\n`, { mode: 0o600 })
      expect(await failure()).toMatchObject({ message: expect.stringContaining(`in use by process ${pid}`) })
      globalThis.process.kill(Number(pid), 'SIGKILL')
      while (stat()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5))
      await use(hsmHere())
      parent.kill('SIGKILL')
    })

    it('is not taken for dead while it lives', async () => {
      const child = creator()
      await someLines(child, 1)
      expect(await failure()).toMatchObject({
        message: expect.stringContaining(`in use by process ${child.process.pid}`),
      })
      child.kill('SIGKILL')
      await child.ended
    })

    /** Another process that creates and destroys keys, and prints the URI of each that is durable and stays. */
    function creator() {
      return inChild(`
      for (let at = 0; ; at++) {
        const uris = [0, 1, 2, 3].map((one) => 'pawl:' + process.pid + '/' + at + '/' + one)
        await Promise.all(uris.map((uri) => hsm.createKey(uri, 'aes-256')))
        console.log(uris.slice(1).join('\\n'))
        await hsm.destroyKey(uris[0])
      }`)
    }

    async function someLines({ lines, seen }: ReturnType<typeof creator>, count: number): Promise<string[]> {
      while (seen.length < count) await once(lines, 'line')
      return seen.slice()
    }
  },
)

describe('a disk of softwareHsm that is full', () => {
  it('makes no key, says so, and harms nothing that is there', async () => {
    const blocks = 'ulimit -f 2; exec "$@"'
    const child = inChild(
      `
      const results = []
      for (let at = 0; at < 20; at++) {
        const uri = 'pawl:' + at
        const failure = await hsm.createKey(uri, 'aes-256').then(() => 'made', (error) => error.failure)
        console.log(failure === 'made' ? uri : failure)
      }
      await hsm.destroyKey('pawl:0')
      await hsm.createKey('pawl:z', 'aes-256')
      console.log('pawl:z', await hsm.status())
      process.kill(process.pid, 'SIGKILL')`,
      ['/bin/sh', '-c', blocks, 'sh'],
    )
    const lines = await child.ended
    const refused = lines.filter((line) => !line.startsWith('pawl:'))
    expect(new Set(refused)).toEqual(new Set(['unavailable']))
    expect(lines.at(-1)).toBe('pawl:z ok')
    const kept = lines.filter((line) => /^pawl:[1-9]/.test(line))
    expect(kept.length).toBeGreaterThan(3)
    await opens([...kept, 'pawl:z'])
  })
})

describe('a folder of softwareHsm', () => {
  it('that cannot be written is unavailable with a reason, and no key seems to exist', async () => {
    mkdirSync(path, { mode: 0o700 })
    expect(await failure()).toMatchObject({ failure: 'unavailable', message: expect.stringContaining(path) })
  })

  it('is not left locked by a process that could not open the keys', async () => {
    writeFileSync(path, 'nonsense', { mode: 0o600 })
    await hsmHere().status()
    expect(readdirSync(folder)).toEqual(['keys'])
  })
})

/** Runs a script in another process, with an HSM on the same file as `hsm`; its lines are gathered. */
function inChild(script: string, before: readonly string[] = []) {
  const whole = `
    import { softwareHsm } from '@pawl/adapters/hsm/software'
    const hsm = softwareHsm({ path: ${JSON.stringify(path)}, root: { key: new Uint8Array(32).fill(1) } })
    ${script}`
  const [command = '', ...args] = [...before, process.execPath, programFrom(whole)]
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (!child.stdout) throw new Error('the child has no output')
  const lines = createInterface({ input: child.stdout })
  const seen: string[] = []
  lines.on('line', (line) => seen.push(line))
  const gone = once(child, 'exit')
  const ended = once(lines, 'close').then(async () => {
    await gone
    return seen
  })
  return { process: child, lines, seen, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}
