import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hsm, HsmError, utf8 } from '@pawl/core/ports'
import { memoryHsm } from '@pawl/core/ports/reference'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { type Root, rootKindOf, type SoftwareHsmOptions, softwareHsm } from './software.ts'

// Goal: keys can be put under a root of another kind, whatever moment the process dies at, and roots that are elsewhere
// fail closed. Method: real files in every state that a crash can leave, and a second HSM that comes and goes.

const crypto = nodeCrypto()
const cost = { memoryKib: 64, passes: 1, lanes: 1 }
const bytes = (fill: number) => new Uint8Array(32).fill(fill)
const [now, next] = [bytes(1), bytes(2)]
const purpose = utf8('test')

let folder: string
let path: string
let outer: Hsm

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-roots-'))
  path = join(folder, 'keys')
  outer = memoryHsm()
})
afterEach(() => rmSync(folder, { recursive: true }))

const keyFile = () => join(folder, 'root.key')
const wrappedFile = () => join(folder, 'root.wrapped')

/** Each kind of root, as it is opened when its secret is this one. */
const kinds: Record<string, (secret: Uint8Array) => Root> = {
  'a key file': () => ({ keyFile: keyFile() }),
  'a passphrase': (secret) => ({ passphrase: secret, cost }),
  shares: (secret) => ({ shares: secret }),
  'a wrapped key': () => wrappedRoot(),
}

function wrappedRoot(): Root {
  return { wrappedBy: outer, uri: 'pawl:root', file: wrappedFile() }
}

function hsmUnder(root: Root, options: Partial<SoftwareHsmOptions> = {}) {
  return softwareHsm({ path, root, crypto, ...options })
}

async function made(root: Root): Promise<void> {
  const hsm = hsmUnder(root)
  await hsm.createKey('pawl:a', 'aes-256')
  await hsm.close()
}

async function opens(root: Root, formerRoots: readonly string[] = []): Promise<void> {
  const hsm = hsmUnder(root, { formerRoots })
  await hsm.wrap('pawl:a', bytes(0), purpose)
  await hsm.close()
}

function files(): Map<string, Buffer> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
}

function restore(state: ReadonlyMap<string, Buffer>): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  for (const [name, content] of state) writeFileSync(join(folder, name), content, { mode: 0o600 })
}

/** Every state of the folder between these two, as the steps of a change leave it. */
function statesBetween(before: Map<string, Buffer>, after: Map<string, Buffer>) {
  const keys = after.get('keys') as Buffer
  const fresh = [...after].find(([name, content]) => name !== 'keys' && before.get(name)?.equals(content) !== true)
  const announced = new Map(before)
  if (fresh) announced.set(`${fresh[0]}.next`, fresh[1])
  const sealed = new Map(announced).set('keys', keys)
  const settled = new Map(before).set('keys', keys)
  if (fresh) settled.set(...fresh)
  return { old: [before, announced], new: [sealed, settled, after] }
}

const changes = Object.entries(kinds).flatMap((from) => Object.entries(kinds).map((to) => ({ from, to })))
for (const change of some('changes from one kind of root to another', 5, changes)) {
  const [[from, rootFrom], [to, rootTo]] = [change.from, change.to]
  it(`keys under ${from} can be put under ${to}, whatever moment the process dies at`, async () => {
    await made(rootFrom(now))
    const before = files()
    const hsm = hsmUnder(rootFrom(now))
    await hsm.changeRoot(rootTo(next), next)
    await hsm.wrap('pawl:a', bytes(0), purpose)
    await hsm.createKey('pawl:b', 'aes-256')
    await hsm.destroyKey('pawl:b')
    await hsm.close()
    const after = files()
    const states = statesBetween(before, after)
    const allOther = [keyFile(), wrappedFile()].filter((file) => !after.has(file.slice(folder.length + 1)))
    for (const state of states.old) {
      restore(state)
      await opens(rootFrom(now))
      const early = hsmUnder(rootTo(next))
      await early.status()
      await early.close()
      expect(files().get('keys')).toEqual(before.get('keys'))
    }
    for (const state of states.new) {
      restore(state)
      await opens(rootTo(next), allOther)
      expect([...files().keys()].sort()).toEqual([...after.keys()].sort())
      await opens(rootTo(next))
    }
  })
}

describe('keys under another root', () => {
  it('do not open with the old one, and leave nothing of it behind', async () => {
    await made({ keyFile: keyFile() })
    const old = new Uint8Array(readFileSync(keyFile()))
    const hsm = hsmUnder({ keyFile: keyFile() })
    await hsm.changeRoot({ shares: true }, next)
    await hsm.close()
    expect(existsSync(keyFile())).toBe(false)
    expect(rootKindOf(path)).toBe('shares')
    await expect(opens({ key: old })).rejects.toThrow(
      `${path} is encrypted with a root key in shares, not with a root key.`,
    )
    await expect(opens({ shares: old })).rejects.toMatchObject({ failure: 'not_authentic' })
    await opens({ shares: next })
  })

  it('are not put under what could never be a root, and nothing changes then', async () => {
    await made({ key: now })
    const hsm = hsmUnder({ key: now })
    await expect(hsm.changeRoot({ shares: true }, bytes(1).subarray(1))).rejects.toThrow('must be 32 bytes')
    await hsm.close()
    await opens({ key: now })
  })

  it('say of what kind it is, before anything has opened', async () => {
    expect(rootKindOf(path)).toBe(null)
    await made({ passphrase: 'correct horse', cost })
    expect(rootKindOf(path)).toBe('passphrase')
    writeFileSync(path, 'nonsense')
    expect(() => rootKindOf(path)).toThrow('is not a key file')
  })
})

describe('keys whose root is in shares', () => {
  beforeEach(() => made({ shares: now }))

  it('are sealed from the start, until what the shares give unseals them', async () => {
    const hsm = hsmUnder({ shares: true })
    expect(await hsm.status()).toBe('sealed')
    await expect(hsm.wrap('pawl:a', bytes(0), purpose)).rejects.toMatchObject({ failure: 'sealed' })
    await expect(hsm.createKey('pawl:b', 'aes-256')).rejects.toMatchObject({ failure: 'sealed' })
    await expect(hsm.unseal(next)).rejects.toMatchObject({ failure: 'not_authentic' })
    expect(await hsm.status()).toBe('sealed')
    await hsm.unseal(now)
    expect(await hsm.status()).toBe('ok')
    await hsm.wrap('pawl:a', bytes(0), purpose)
    await hsm.seal()
    expect(await hsm.status()).toBe('sealed')
    await hsm.close()
  })

  it('are not made anew by unsealing when the file is gone', async () => {
    rmSync(path)
    const hsm = hsmUnder({ shares: true })
    await expect(hsm.unseal(now)).rejects.toMatchObject({ failure: 'unavailable' })
    expect(existsSync(path)).toBe(false)
    await hsm.close()
  })
})

describe('keys whose root another HSM wraps', () => {
  it('open by themselves, and the file holds nothing of the root in the clear', async () => {
    await made(wrappedRoot())
    expect(statSync(wrappedFile()).mode & 0o777).toBe(0o600)
    const secret = await outer.unwrap('pawl:root', readFileSync(wrappedFile()), utf8('pawl/hsm/root'))
    expect(secret).toHaveLength(32)
    expect(readFileSync(wrappedFile()).includes(Buffer.from(secret))).toBe(false)
    await opens(wrappedRoot())
    chmodSync(wrappedFile(), 0o640)
    await expect(opens(wrappedRoot())).rejects.toThrow(`Run: chmod 600 '${wrappedFile()}'`)
  })

  it('are unavailable while it is away, and come back by themselves', async () => {
    await made(wrappedRoot())
    let isAway = true
    const device: Hsm = {
      ...outer,
      unwrap: async (...given) => {
        if (isAway) throw new HsmError('unavailable', 'The token is not in its slot.')
        return outer.unwrap(...given)
      },
    }
    const hsm = hsmUnder({ wrappedBy: device, uri: 'pawl:root', file: wrappedFile() })
    expect(await hsm.status()).toBe('unavailable')
    await expect(hsm.wrap('pawl:a', bytes(0), purpose)).rejects.toMatchObject({
      failure: 'unavailable',
      message: 'The HSM that wraps the root key cannot give it: The token is not in its slot.',
    })
    isAway = false
    expect(await hsm.status()).toBe('ok')
    isAway = true
    await hsm.wrap('pawl:a', bytes(0), purpose)
    await hsm.close()
  })

  it('do not open with another HSM, or with a file that was tampered with, and are never made anew', async () => {
    await made(wrappedRoot())
    const device = outer
    outer = memoryHsm()
    await expect(opens(wrappedRoot())).rejects.toMatchObject({ failure: 'unavailable' })
    await outer.createKey('pawl:root', 'aes-256')
    await expect(opens(wrappedRoot())).rejects.toMatchObject({ failure: 'not_authentic' })
    outer = device
    rmSync(wrappedFile())
    await expect(opens(wrappedRoot())).rejects.toThrow('is missing. Restore it.')
    expect(existsSync(wrappedFile())).toBe(false)
  })

  it('are as good under a software HSM elsewhere, which is closed with them', async () => {
    const elsewhere = join(folder, 'elsewhere', 'keys')
    outer = softwareHsm({ path: elsewhere, root: { key: now }, crypto })
    await made(wrappedRoot())
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['keys'])
    outer = softwareHsm({ path: elsewhere, root: { key: now }, crypto })
    await opens(wrappedRoot())
  })
})
