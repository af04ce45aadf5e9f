import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HsmError, utf8 } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FaultyModule, faultyModule, hasCompiler } from '../../../../tools/real-parts/faulty-module.ts'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { hasSoftHsm, newToken, type SoftToken, softHsmModule } from '../../../../tools/real-parts/softhsm.ts'
import { verifies } from './pkcs11/point.ts'
import { type Pkcs11Options, pkcs11 } from './pkcs11.ts'

const key = 'pawl:key'
const purpose = utf8('test')
const text = utf8('a data key')
const hasTool = hasPart('pkcs11-tool', 'apt-get install opensc', programAt('pkcs11-tool') !== null)
type TokenHsm = ReturnType<typeof pkcs11>

let token: SoftToken
let opened: TokenHsm[]

beforeEach(async () => {
  token = await newToken()
  opened = []
})

afterEach(async () => {
  await Promise.all(opened.map((hsm) => hsm.close()))
  await token.destroy()
})

function open(options: Partial<Pkcs11Options> = {}): TokenHsm {
  const hsm = pkcs11({ uri: token.uri, ...options })
  opened.push(hsm)
  return hsm
}

async function withKey(options: Partial<Pkcs11Options> = {}): Promise<TokenHsm> {
  const maker = open(options)
  await maker.createKey(key, 'aes-256')
  await maker.close()
  const hsm = open(options)
  expect(await hsm.status()).toBe('ok')
  return hsm
}

async function opensWhatItWraps(hsm: TokenHsm, uri = key): Promise<void> {
  const wrapped = await hsm.wrap(uri, text, purpose)
  expect(await hsm.unwrap(uri, wrapped, purpose)).toEqual(text)
}

/** The processes that hold a driver for us. */
function children(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    return Number.isInteger(pid) && isOurs(pid) ? [pid] : []
  })
}

function isOurs(pid: number): boolean {
  try {
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('pkcs11/child')
  } catch {
    return false
  }
}

function onlyChild(): number {
  const all = children()
  expect(all).toHaveLength(1)
  return all[0] as number
}

const unavailable = (message: unknown) => ({ failure: 'unavailable', message })
const containing = (part: string) => expect.stringContaining(part)

describe.skipIf(!hasSoftHsm)('the process of the driver', () => {
  it('fails what it was doing when it is killed, and the next call has another', async () => {
    const hsm = await withKey()
    const before = await hsm.wrap(key, text, purpose)
    const pid = onlyChild()
    process.kill(pid, 'SIGSTOP')
    const calls = [hsm.wrap(key, text, purpose), hsm.createKey('pawl:other', 'aes-256'), hsm.status()]
    const ended = Promise.allSettled(calls)
    process.kill(pid, 'SIGKILL')
    const [wrapping, creating, status] = await ended
    const reason = expect.objectContaining(unavailable(containing('during a call')))
    expect([wrapping, creating]).toEqual([1, 2].map(() => ({ status: 'rejected', reason })))
    expect(status).toEqual({ status: 'fulfilled', value: 'unavailable' })
    expect(await hsm.unwrap(key, before, purpose)).toEqual(text)
    expect(await hsm.status()).toBe('ok')
    expect(onlyChild()).not.toBe(pid)
  })

  it('leaves a key or none when it is killed while it makes one', async () => {
    const hsm = await withKey()
    for (let round = 0; round < 6; round++) {
      const uri = `pawl:round/${round}`
      const type = round % 2 ? 'ed25519' : 'aes-256'
      const made = hsm.createKey(uri, type).catch((error) => expect(error).toMatchObject(unavailable(containing(''))))
      // Each round a little later: it is put to work, at work, or done.
      for (let turn = 0; turn < round * 40; turn++) await new Promise((resolve) => setImmediate(resolve))
      for (const pid of children()) process.kill(pid, 'SIGKILL')
      await made
      await vi.waitFor(() => hsm.createKey(uri, type), { timeout: 20_000, interval: 50 })
      if (type === 'aes-256') await opensWhatItWraps(hsm, uri)
      else await signsFor(hsm, uri)
    }
  }, 90_000)

  it('is ended when it hangs, and the vault goes on', async () => {
    const hsm = await withKey({ timeoutMs: 5_000 })
    const pid = onlyChild()
    process.kill(pid, 'SIGSTOP')
    await expect(hsm.wrap(key, text, purpose)).rejects.toMatchObject(unavailable(containing('within 5000 ms')))
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), { timeout: 20_000 })
    await opensWhatItWraps(hsm)
  })

  it('has the PIN neither in its arguments nor in its environment, and no setting of the vault', async () => {
    const pin = token.pin
    vi.stubEnv('PAWL_HSM_PIN', pin)
    const hsm = await withKey({ uri: token.bareUri, pin })
    const pid = onlyChild()
    for (const file of ['cmdline', 'environ']) {
      const content = readFileSync(`/proc/${pid}/${file}`, 'utf8')
      expect(content).not.toContain(pin)
      expect(content).not.toContain('PAWL_')
    }
    vi.unstubAllEnvs()
    await hsm.close()
    await vi.waitFor(() => expect(children()).toEqual([]), { timeout: 20_000 })
  })
})

describe.skipIf(!hasSoftHsm)('a PIN', () => {
  it('is tried once when it is wrong, and not in the error; the right one opens the keys', async () => {
    await (await withKey()).close()
    const wrong = tagged('wrong-pin')
    const hsm = open({ uri: token.bareUri, pin: wrong })
    const failure = await hsm.wrap(key, text, purpose).catch((error: HsmError) => error)
    expect(failure).toMatchObject(unavailable(containing('The PIN is wrong. Pawl does not try it again')))
    expect(String(failure)).not.toContain(wrong)
    expect(await hsm.status()).toBe('unavailable')
    await vi.waitFor(() => expect(children()).toEqual([]), { timeout: 20_000 })
    await expect(hsm.wrap(key, text, purpose)).rejects.toMatchObject(unavailable(containing('The PIN is wrong')))
    expect(children()).toEqual([])
    await hsm.unseal(utf8(token.pin))
    await opensWhatItWraps(hsm)
  })

  it('that nobody gave leaves the keys sealed until somebody does', async () => {
    const hsm = open({ uri: token.bareUri })
    expect(await hsm.status()).toBe('sealed')
    await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject({ failure: 'sealed' })
    await hsm.unseal(utf8(token.pin))
    await hsm.createKey(key, 'aes-256')
  })

  it('is not read from a file that others may read', async () => {
    execFileSync('chmod', ['640', token.pinFile])
    const hsm = open()
    await expect(hsm.publicKey(key)).rejects.toMatchObject(unavailable(containing(`chmod 600 '${token.pinFile}'`)))
    execFileSync('chmod', ['600', token.pinFile])
    await vi.waitFor(() => hsm.createKey(key, 'aes-256'), { timeout: 20_000, interval: 100 })
  })
})

describe.skipIf(!hasSoftHsm)('a token', () => {
  it('that is pulled out is unavailable and misses no key, and works again when it is back', async () => {
    const hsm = await withKey()
    const before = await hsm.wrap(key, text, purpose)
    renameSync(token.folder, `${token.folder}-away`)
    for (const use of [() => hsm.unwrap(key, before, purpose), () => hsm.publicKey('pawl:never')]) {
      await expect(use()).rejects.toMatchObject(unavailable(expect.any(String)))
    }
    expect(await hsm.status()).toBe('unavailable')
    await expect(hsm.createKey('pawl:new', 'p-256')).rejects.toMatchObject(unavailable(expect.any(String)))
    renameSync(`${token.folder}-away`, token.folder)
    await vi.waitFor(async () => expect(await hsm.status()).toBe('ok'), { timeout: 20_000, interval: 100 })
    expect(await hsm.unwrap(key, before, purpose)).toEqual(text)
  })

  it('must be one: the error lists the tokens that are there', async () => {
    const other = token.bareUri.replace('token=pawl', 'token=another')
    const hsm = open({ uri: other, pin: token.pin })
    await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject(
      unavailable(
        expect.stringMatching(/^No token matches the URI\. Available tokens: "pawl" \(serial [0-9a-f]{16}\)\.$/),
      ),
    )
  })

  it('has a module that is there and can be loaded', async () => {
    for (const path of ['/nowhere/module.so', token.pinFile]) {
      const hsm = open({ uri: `pkcs11:token=pawl?module-path=${path}`, pin: token.pin })
      await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject(
        unavailable(containing(`${path} cannot be loaded`)),
      )
    }
  })

  it('gives the same key to processes that make it at once', async () => {
    const [first, second, third] = [open(), open(), open()]
    await Promise.all([first, second, third].map((hsm) => hsm.status()))
    for (let round = 0; round < 10; round++) {
      const uri = `pawl:race/${round}`
      const type = round % 2 ? 'p-256' : 'aes-256'
      await Promise.all([first, second, third].map((hsm) => hsm.createKey(uri, type)))
      if (type === 'p-256') expect(await first.publicKey(uri)).toEqual(await second.publicKey(uri))
      else expect(await second.unwrap(uri, await first.wrap(uri, text, purpose), purpose)).toEqual(text)
    }
    expect((await first.describe()).keys).toBe(10)
    await first.destroyKey('pawl:race/0')
    await expect(second.wrap('pawl:race/0', text, purpose)).rejects.toMatchObject({ failure: 'key_missing' })
  }, 90_000)

  it('hides from nobody what others make and destroy at the same moment', async () => {
    const users = [open(), open(), open()]
    await Promise.all(users.map((hsm) => hsm.status()))
    for (let round = 0; round < 8; round++) {
      const uris = users.map((_, at) => `pawl:round/${round}/${at}`)
      await Promise.all(users.map((hsm, at) => hsm.createKey(uris[at] ?? '', 'aes-256')))
      for (const hsm of users) for (const uri of uris) await opensWhatItWraps(hsm, uri)
      await Promise.all(users.map((hsm, at) => hsm.destroyKey(uris[(at + 1) % uris.length] ?? '')))
    }
    expect((await open().describe()).keys).toBe(0)
  }, 90_000)

  it.skipIf(!hasTool)('gives no key away, not even to who has the PIN', async () => {
    const hsm = await withKey()
    await hsm.createKey('pawl:signer', 'secp256k1')
    await hsm.close()
    const shown = execFileSync(
      'sh',
      ['-c', `pkcs11-tool --module ${softHsmModule} --token-label pawl --login --pin env:PIN --list-objects`],
      { env: { ...process.env, PIN: token.pin }, encoding: 'utf8' },
    )
    const access = shown.split('\n').filter((line) => /Access:.*sensitive/.test(line))
    expect(access).toHaveLength(2)
    for (const line of access) expect(line).toMatch(/sensitive, always sensitive, never extractable, local/)
  })

  const canMount = process.getuid?.() === 0
  it.skipIf(!hasPart('A small tmpfs', 'Run as root.', canMount))(
    'that is full keeps its keys, and makes none',
    async () => {
      const hsm = await withKey()
      const before = await hsm.wrap(key, text, purpose)
      await hsm.close()
      await onSmallDisk(token.folder, async () => {
        const full = open()
        let made = 0
        const problem = await makeUntilFull(full, () => made++)
        expect(problem).toMatchObject(unavailable(containing('whether its disk is full.')))
        await vi.waitFor(async () => expect(await full.unwrap(key, before, purpose)).toEqual(text), { timeout: 20_000 })
        for (let at = 0; at < made; at++) await opensWhatItWraps(full, `pawl:full/${at}`)
        await full.close()
      })
    },
  )
})

async function makeUntilFull(hsm: TokenHsm, made: () => void): Promise<unknown> {
  for (let at = 0; at < 200; at++) {
    const problem = await hsm.createKey(`pawl:full/${at}`, 'aes-256').catch((error: unknown) => error)
    if (problem) return problem
    made()
  }
  return null
}

async function onSmallDisk(folder: string, work: () => Promise<void>): Promise<void> {
  const kept = `${folder}-kept`
  execFileSync('cp', ['-a', folder, kept])
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k,mode=0700', 'tmpfs', folder])
  try {
    execFileSync('sh', ['-c', `cp -a '${kept}'/. '${folder}'`])
    await work()
  } finally {
    execFileSync('umount', [folder])
  }
}

async function signsFor(hsm: TokenHsm, uri: string): Promise<void> {
  expect(verifies('ed25519', await hsm.publicKey(uri), text, await hsm.sign(uri, text))).toBe(true)
}

describe.skipIf(!hasSoftHsm || !hasCompiler)('a module that fails', () => {
  let module: FaultyModule
  const uri = () => token.uri.replace(softHsmModule, module.path)

  beforeEach(() => {
    module = faultyModule()
  })
  afterEach(() => module.destroy())

  it.each([
    ['CKR_PIN_INCORRECT', '0xa0', 'The PIN is wrong'],
    ['CKR_PIN_LOCKED', '0xa4', 'The PIN is locked after too many wrong attempts'],
    ['CKR_PIN_EXPIRED', '0xa3', 'The PIN has expired'],
    ['CKR_USER_PIN_NOT_INITIALIZED', '0x102', 'no user PIN yet'],
  ])('is asked to log in once when it says %s', async (_, code, message) => {
    module.plan(`C_Login ${code}`)
    const hsm = open({ uri: uri() })
    for (let turn = 0; turn < 4; turn++) {
      await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject(unavailable(containing(message)))
    }
    expect(await hsm.status()).toBe('unavailable')
    expect(module.calls('C_Login')).toBe(1)
  })

  it('says that one more wrong PIN locks the token: none is tried, unless somebody gives it who knows', async () => {
    module.plan('C_GetTokenInfo special')
    const hsm = open({ uri: uri() })
    await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject(
      unavailable(containing('so Pawl does not try the PIN')),
    )
    expect(module.calls('C_Login')).toBe(0)
    await hsm.unseal(utf8(token.pin))
    await hsm.createKey(key, 'aes-256')
  })

  it.each(['0xb3', '0x101', '0x32', '0xe0', '0x30', '0x5'])(
    'says %s, that session, login or token are gone: a new process logs in, and the call is done',
    async (code) => {
      const hsm = await withKey({ uri: uri() })
      await opensWhatItWraps(hsm)
      const logins = module.calls('C_Login')
      module.plan(`C_Encrypt ${code} ${onlyChild()}`)
      await Promise.all([1, 2, 3].map(() => opensWhatItWraps(hsm)))
      expect(module.calls('C_Login')).toBe(logins + 1)
    },
  )

  it('says that it is full: no key is made, and those that are there can be used', async () => {
    const hsm = await withKey({ uri: uri() })
    module.plan('C_GenerateKey 0x31')
    await expect(hsm.createKey('pawl:new', 'aes-256')).rejects.toMatchObject(
      unavailable(containing('The token is full.')),
    )
    await opensWhatItWraps(hsm)
    module.plan()
    expect((await hsm.describe()).keys).toBe(1)
  })

  it('crashes in the middle of an operation: that one fails, and the next works', async () => {
    const hsm = await withKey({ uri: uri() })
    module.plan('C_Encrypt crash')
    await expect(hsm.wrap(key, text, purpose)).rejects.toMatchObject(unavailable(containing('during a call')))
    module.plan()
    await vi.waitFor(() => opensWhatItWraps(hsm), { timeout: 20_000, interval: 50 })
  })

  it('crashes at once: it is started again a few times and not without end', async () => {
    module.plan('C_Initialize crash')
    const hsm = open({ uri: uri() })
    const calls = 300
    for (let turn = 0; turn < calls; turn++) {
      await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject(unavailable(expect.any(String)))
    }
    expect(module.calls('C_Initialize')).toBeLessThan(calls / 10)
  })

  it('hangs: the call is given up', async () => {
    const hsm = await withKey({ uri: uri(), timeoutMs: 3_000 })
    module.plan('C_Encrypt hang')
    await expect(hsm.wrap(key, text, purpose)).rejects.toMatchObject(unavailable(containing('within 3000 ms')))
    module.plan()
    await opensWhatItWraps(hsm)
  })

  it('takes no IV of ours: keys wrap with HMAC then, beside those that wrapped with AES-GCM before', async () => {
    const hsm = await withKey({ uri: uri() })
    const before = await hsm.wrap(key, text, purpose)
    expect([before[0], (await hsm.describe()).wrapping]).toEqual([1, 'gcm'])
    await hsm.close()
    module.plan('C_EncryptInit 0x71')
    const later = open({ uri: uri() })
    await later.createKey('pawl:later', 'aes-256')
    expect((await later.wrap('pawl:later', text, purpose))[0]).toBe(2)
    await opensWhatItWraps(later, 'pawl:later')
    expect(await later.unwrap(key, before, purpose)).toEqual(text)
  })

  it('makes keys that could leave the token: they are destroyed again', async () => {
    module.plan('C_GenerateKey special')
    const hsm = open({ uri: uri(), wrapping: 'gcm' })
    await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject(unavailable(containing('CKA_EXTRACTABLE')))
    expect((await hsm.describe()).keys).toBe(0)
  })

  it('dies before a draft becomes the key: whoever wants the key next gets it', async () => {
    const hsm = open({ uri: uri() })
    module.plan('C_SetAttributeValue crash')
    await expect(hsm.createKey(key, 'ed25519')).rejects.toMatchObject(unavailable(containing('during a call')))
    module.plan()
    const other = open()
    await expect(other.publicKey(key)).rejects.toMatchObject({ failure: 'key_missing' })
    await other.createKey(key, 'ed25519')
    await signsFor(other, key)
    expect((await other.describe()).keys).toBe(1)
  })

  it('lets no CKA_ID be changed: no key is made, and none is left lying about', async () => {
    const hsm = open({ uri: uri() })
    module.plan('C_SetAttributeValue 0x10')
    await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject(
      unavailable(containing('CKR_ATTRIBUTE_READ_ONLY')),
    )
    expect((await hsm.describe()).keys).toBe(0)
  })
})

describe.skipIf(!hasSoftHsm)("an operator's own key", () => {
  it('is used under its RFC 7512 URI, and neither made nor destroyed', async () => {
    const hsm = await withKey()
    const own = 'pkcs11:object=pawl%3Akey;type=secret-key'
    const wrapped = await hsm.wrap(own, text, purpose)
    expect(await hsm.unwrap(key, wrapped, purpose)).toEqual(text)
    await hsm.createKey(own, 'aes-256')
    await expect(hsm.createKey('pkcs11:object=nobody', 'aes-256')).rejects.toMatchObject({ failure: 'key_missing' })
    await expect(hsm.createKey(own, 'p-256')).rejects.toMatchObject({ failure: 'wrong_type' })
    await expect(hsm.destroyKey(own)).rejects.toMatchObject({ failure: 'wrong_type' })
    for (const wrong of ['pkcs11:', 'pkcs11:token=x;object=pawl%3Akey', 'pkcs11:object=%zz', `${own}?module-path=/a`]) {
      await expect(hsm.wrap(wrong, text, purpose)).rejects.toMatchObject({ failure: 'key_missing' })
    }
    await opensWhatItWraps(hsm)
  })

  it.skipIf(!hasTool)('is refused when it can be read out of the token', async () => {
    const raw = join(token.folder, '..', 'raw.key')
    writeFileSync(raw, Buffer.alloc(32, 7))
    const args = [
      '--module',
      softHsmModule,
      '--token-label',
      'pawl',
      '--login',
      '--pin',
      'env:PIN',
      '--write-object',
      raw,
    ]
    const what = ['--type', 'secrkey', '--key-type', 'AES:32', '--label', 'weak', '--extractable', '--usage-decrypt']
    execFileSync('pkcs11-tool', [...args, ...what], { env: { ...process.env, PIN: token.pin }, stdio: 'ignore' })
    await expect(open().wrap('pkcs11:object=weak', text, purpose)).rejects.toMatchObject({
      failure: 'wrong_type',
      message: containing('CKA_EXTRACTABLE'),
    })
  })
})
