import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pathWithPawl } from '../../../../../tools/real-parts/pawl.ts'
import { hasSoftHsm, newToken, type SoftToken, softHsmModule } from '../../../../../tools/real-parts/softhsm.ts'
import { openPawl, readConfig } from '../../host/index.ts'
import { main } from '../program.ts'

let folder: string
let token: SoftToken

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-hsm-'))
  token = await newToken()
})
afterEach(async () => {
  await token.destroy()
  rmSync(folder, { recursive: true })
})

const env = () => ({ PAWL_DATA_DIR: join(folder, 'data'), PAWL_HSM: token.uri })

interface Asked {
  readonly answers?: string[]
  readonly PAWL_HSM?: string
}

async function run(args: string[], { answers, ...more }: Asked = {}) {
  const out: string[] = []
  const errors: string[] = []
  const terminal = {
    env: { ...env(), ...more },
    isColoured: false,
    out: (line: string) => void out.push(line),
    error: (line: string) => void errors.push(line),
    stopped: async () => {},
    ...(answers ? { ask: async () => answers.shift() ?? '' } : {}),
  }
  return { status: await main(['hsm', ...args], terminal), out, errors: errors.join('\n') }
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, `${content}\n`, { mode: 0o600 })
  return path
}

describe.skipIf(!hasSoftHsm)('pawl hsm', () => {
  it('init makes a token, whose URI works as it is printed', async () => {
    const [pin, soPin] = [file('a pin', 'user-1234'), file('so', 'officer-1234')]
    const made = await run(['init', '--label', 'my token', '--pin-file', pin, '--so-pin-file', soPin])
    expect(made).toMatchObject({ status: 0, errors: '' })
    const [, uri = ''] = /^PAWL_HSM='(.+)'$/.exec(made.out.at(-1) ?? '') ?? []
    const { status, out } = await run(['status'], { PAWL_HSM: uri })
    expect([status, out]).toEqual([
      0,
      [
        'provider  pkcs11',
        'status    ok',
        'token     my token',
        expect.stringMatching(/^serial {4}[0-9a-f]{16}$/),
        'model     SoftHSM project, SoftHSM v2',
        expect.stringMatching(/^firmware {2}2\.\d+$/),
        'wrapping  AES-256-GCM in the token',
        'signing   ed25519, p-256, secp256k1',
        'keys      0',
      ],
    ])
  })

  it('init asks for the PINs on a terminal, twice, and takes none from the command line', async () => {
    const [soPin, pin] = ['officer-1234', tagged('user-1234')]
    const args = ['init', '--label', 'asked', '--module', softHsmModule]
    expect(await run(args, { answers: [soPin, soPin, pin, 'other'] })).toMatchObject({ status: 64 })
    const { status, out, errors } = await run(args, { answers: [soPin, soPin, pin, pin] })
    expect([status, errors, out.join()]).toEqual([0, '', expect.not.stringContaining(pin)])
    expect(await run(args)).toMatchObject({ status: 64, errors: expect.stringContaining('--pin-file') })
    const typed = await run([...args, '--pin', pin])
    expect(typed).toMatchObject({ status: 64, errors: expect.not.stringContaining(pin) })
  })

  it('init never touches a token that is initialised', async () => {
    const files = ['--pin-file', file('pin', 'user-1234'), '--so-pin-file', file('so', 'officer-1234')]
    expect(await run(['init', ...files])).toMatchObject({
      status: 1,
      errors:
        'pawl: The token pawl already exists. Initialising it again would destroy its keys. Choose another label.',
    })
  })

  it('status says why keys cannot be used, and ends with 1', async () => {
    renameSync(token.folder, `${token.folder}-away`)
    expect(await run(['status'])).toMatchObject({
      status: 1,
      out: ['provider  pkcs11', 'status    unavailable'],
      errors: expect.stringContaining('does not start: CKR_GENERAL_ERROR. Check its configuration.'),
    })
  })

  it('test prints a line for each check, leaves no key, and ends with 1 when one fails', async () => {
    const { status, out } = await run(['test'])
    expect([status, out.length]).toEqual([0, 13])
    for (const line of out) expect(line).toMatch(/^ok {6}(aes-256 {2}|ed25519 {2}|p-256 {4}|secp256k1) {2}\S/)
    expect((await run(['status'])).out.at(-1)).toBe('keys      0')
    const failed = await run(['test'], { PAWL_HSM: token.uri.replace('token=pawl', 'token=other') })
    expect(failed.status).toBe(1)
    expect(failed.out[0]).toContain('FAILED  aes-256    is created: No token matches the URI.')
  })

  it('status and test speak of the software HSM too, and make no keys where there are none', async () => {
    const software = { PAWL_HSM: `software:${join(folder, 'data', 'keys')}` }
    expect(await run(['status'], software)).toMatchObject({ status: 78 })
    await (await openPawl(readConfig({ ...env(), ...software }))).close()
    expect(await run(['status'], software)).toMatchObject({ status: 0, out: ['provider  software', 'status    ok'] })
    expect(await run(['test'], software)).toMatchObject({ status: 0 })
  })
})

describe.skipIf(!hasSoftHsm)('the guide to HSMs', () => {
  it('works as it is pasted', () => {
    const root = join(import.meta.dirname, '../../../../..')
    const [, block = ''] = /```sh\n(.*?)```/s.exec(readFileSync(join(root, 'docs', 'hsm.md'), 'utf8')) ?? []
    // What is installed is there, and a server would not end.
    const lines = block.split('\n').filter((line) => !/^apt-get|serve$/.test(line))
    const env = { ...process.env, PATH: pathWithPawl() }
    const shown = execFileSync('bash', ['-euc', lines.join('\n')], { cwd: folder, env, encoding: 'utf8' })
    expect(shown.split('\n').filter((line) => line.startsWith('ok '))).toHaveLength(13)
  })
})

describe.skipIf(!hasSoftHsm)('a vault with its keys in a token', () => {
  it('asks for the PIN where it stands nowhere, and cannot start with a wrong one', async () => {
    const serve = async (pin: string) => {
      const errors: string[] = []
      const terminal = { env: { ...env(), PAWL_HSM: token.bareUri, PAWL_PORT: '0' }, isColoured: false, out: () => {} }
      const error = (line: string) => void errors.push(line)
      const ask = async () => pin
      return {
        status: await main(['serve'], { ...terminal, error, ask, stopped: async () => {} }),
        errors: errors.join(),
      }
    }
    expect(await serve(token.pin)).toEqual({ status: 0, errors: '' })
    const wrong = tagged('wrong-pin')
    const failed = await serve(wrong)
    expect(failed).toMatchObject({ status: 1, errors: expect.stringContaining('The PIN is wrong') })
    expect(failed.errors).not.toContain(wrong)
  })

  it('finds its secrets again, and its trail is verified without a file of keys', async () => {
    const open = () => openPawl(readConfig(env()))
    const first = await open()
    const { user } = await first.firstOwner({ email: 'owner@example.com' })
    const { id } = await first.as({ user }).vaults.create({ name: 'prod' })
    const at = { vault_id: id, path: 'db/password' }
    await first.as({ user }).secrets.put({ ...at, value: tagged('hunter2') })
    await first.close()
    const again = await open()
    expect((await again.as({ user }).secrets.get(at)).value.reveal()).toBe(tagged('hunter2'))
    expect(await again.as({}).health.hsm()).toMatchObject({ hsm_provider: 'pkcs11' })
    await again.close()
    const lines: string[] = []
    const terminal = { env: env(), isColoured: false, out: (line: string) => void lines.push(line), error: () => {} }
    expect(await main(['audit', 'verify'], { ...terminal, stopped: async () => {} })).toBe(0)
    expect(lines).toEqual([expect.stringMatching(/ verdict *$/), expect.stringMatching(/ whole$/)])
  })
})
