import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registry } from '@pawl/core'
import { operationsOf } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { copyFolder } from '../../../tools/real-parts/copy-folder.ts'
import { pawlMain } from '../../../tools/real-parts/pawl.ts'
import { hasSoftHsm, newToken } from '../../../tools/real-parts/softhsm.ts'
import { main } from '../src/cli/program.ts'
import type { Terminal } from '../src/cli/terminal.ts'
import { sendOverSocket } from './transports.ts'

// Goal: an operator and five custodians take a vault from a key file to shares and back, and nobody else opens it.
// Method: a real server on a real folder, asked over HTTP; ceremonies with people who type what they are told to.

const password = tagged('Correct-Horse-1815')

let folder: string
let serving: Served | null = null
let more: Record<string, string> = {}

interface Served {
  readonly port: number
  said(): string
  stop(): Promise<void>
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-ceremony-'))
  more = {}
})
afterEach(async () => {
  await stop()
  rmSync(folder, { recursive: true })
})

const data = () => join(folder, 'data')
const settings = () => ({
  PAWL_DATA_DIR: data(),
  PAWL_OWNER_PASSWORD: password,
  PAWL_PORT: String(serving?.port ?? 0),
  ...more,
})

/** A terminal where nobody is: what comes in are these lines. */
function screen(input = '') {
  const said: string[] = []
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  const terminal: Terminal = {
    env: settings(),
    isColoured: false,
    out: (line) => void said.push(line),
    error: (line) => void said.push(line),
    lines: async function* () {
      yield* input.trim().split('\n')
    },
    stopped: () => stopped,
  }
  return { terminal, stop, said: () => said.map((line) => `${line}\n`).join('') }
}

async function pawl(args: readonly string[], input?: string): Promise<{ status: number | null; out: string }> {
  const { terminal, said } = screen(input)
  const status = await main(args, terminal)
  return { status, out: said() }
}

/** The same in a process of its own, through real pipes. */
async function pawlProcess(args: readonly string[], input: string): Promise<{ status: number | null; out: string }> {
  const child = spawn(process.execPath, [pawlMain, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...settings() },
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk
    })
  }
  child.stdin.end(input)
  const status = await new Promise<number | null>((done) => child.on('close', done))
  return { status, out }
}

async function serve(): Promise<Served> {
  await stop()
  const { terminal, stop: end, said } = screen()
  let isOver = false
  const ended = main(['serve'], terminal).finally(() => {
    isOver = true
  })
  while (!isOver && !said().includes('Stop with Ctrl-C.')) await new Promise((done) => setTimeout(done, 5))
  const port = Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(said())?.[1] ?? 0)
  if (isOver || port === 0) throw new Error(said())
  const stopServing = async () => {
    end()
    await ended
  }
  serving = { port, said, stop: stopServing }
  return serving
}

async function stop(): Promise<void> {
  await serving?.stop()
  serving = null
}

async function send(method: string, path: string, body?: unknown, token?: string) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  return sendOverSocket(serving?.port ?? 0, path, sent)
}

/** A vault with a secret in it, whose root is in shares, and a token from before. */
async function splitVault() {
  await serve()
  const login = await send('POST', '/v1/auth/token', { email: 'owner@localhost', password })
  const token: string = login.json.access_token
  const vault = (await send('POST', '/v1/vaults', { name: 'prod' }, token)).json.id
  const secret = `/v1/vaults/${vault}/secrets/db`
  await send('PUT', secret, { value: tagged('hunter2') }, token)
  await stop()
  const args = ['root', 'split', '--shares', '3', '--threshold', '2', '--out-dir', join(folder, 'shares')]
  const { status, out } = await pawl(args)
  expect([status, out.trim().split('\n').at(-1)]).toEqual([
    0,
    'The root key is split into 3 shares. Any 2 of them open the vault. The vault now starts sealed.',
  ])
  return { token, secret, shares: sharesIn('shares'), out }
}

function sharesIn(name: string): string[] {
  return readdirSync(join(folder, name)).map((file) => readFileSync(join(folder, name, file), 'utf8').trim())
}

describe('a vault whose root is in shares', () => {
  test('starts sealed, says how it is opened, and is whole once it is; a restart seals it again', async () => {
    const { token, secret, shares } = await splitVault()
    expect(existsSync(join(data(), 'root.key'))).toBe(false)
    const { said } = await serve()
    expect(said()).toContain('The vault is sealed.')
    expect(said()).not.toMatch(/Try it|Password/)
    expect((await send('GET', secret, undefined, token)).status).toBe(503)
    const first = await pawlProcess(['unseal'], `${shares[2]}\n`)
    expect(first).toEqual({ status: 1, out: '1 of 2 shares.\n' })
    const second = await pawlProcess(['unseal'], `${shares[2]}\nnonsense\n${shares[0]}\n`)
    expect(second.status).toBe(0)
    expect(second.out).toMatch(/already entered[\s\S]*not a root share[\s\S]*The vault is open\.\n$/)
    expect((await send('GET', secret, undefined, token)).json.value).toBe(tagged('hunter2'))
    while (!said().includes('The vault is open.')) await new Promise((done) => setTimeout(done, 20))
    await serve()
    expect((await send('GET', '/v1/seal')).json).toEqual({ sealed: true, threshold: 2, shares: 3, progress: 0 })
  })

  test('answers 503 with what to do, and no time to wait, to every operation but the few that work sealed', async () => {
    await splitVault()
    // There are more operations than one address may call in a second.
    more = { PAWL_RATE_LIMITS: 'off' }
    await serve()
    for (const { http, name, whileSealed } of operationsOf(registry)) {
      if (!http) continue
      const path = http.path.replace(/\{[a-z_]*id\}/g, '00000000-0000-4000-8000-000000000000').replace(/\{.*?\}/g, 'a')
      // The page of this path is for people, and answers them.
      if (name === 'approvals.quickDecide') continue
      const answer = await send(http.method, path, http.method === 'GET' ? undefined : {})
      if (whileSealed) {
        expect([200, 400], name).toContain(answer.status)
        continue
      }
      expect([name, answer.status, answer.json.code]).toEqual([name, 503, 'sealed'])
      expect(answer.json.detail).toContain('pawl unseal')
      expect(answer.headers).not.toHaveProperty('retry-after')
    }
    const open = operationsOf(registry).flatMap(({ name, whileSealed }) => (whileSealed ? [name] : []))
    expect(open.sort()).toEqual(['health.get', 'health.hsm', 'seal.status', 'seal.unseal'])
    expect((await send('GET', '/v1/health')).json.status).toBe('degraded')
  })

  test('is copied to another machine as a folder, and opened there with the same shares', async () => {
    const { token, secret, shares } = await splitVault()
    copyFolder(data(), join(folder, 'elsewhere'))
    more = { PAWL_DATA_DIR: join(folder, 'elsewhere') }
    await serve()
    expect((await pawl(['unseal'], shares.join('\n'))).status).toBe(0)
    expect((await send('GET', secret, undefined, token)).json.value).toBe(tagged('hunter2'))
  })

  test('D16: takes guesses at a share from an address only so fast, and tells nothing of what was sent', async () => {
    const { shares } = await splitVault()
    await serve()
    const guess = (shares[0] ?? '').slice(0, -1)
    const answers = []
    for (let count = 0; count < 8; count++) answers.push(await send('POST', '/v1/unseal', { share: guess }))
    expect(answers.map(({ status }) => status)).toContain(429)
    expect(answers[0]?.json).toMatchObject({ status: 400, code: 'share_refused' })
    for (const { text } of answers) expect(text).not.toContain(guess.slice(20))
  })

  test('is sealed while it runs by whoever may read its folder, and not where no server runs', async () => {
    const { token, secret, shares } = await splitVault()
    await serve()
    await pawl(['unseal'], `${shares.join('\n')}\n`)
    expect(await pawl(['seal'])).toEqual({ status: 0, out: 'The vault is sealed.\n' })
    expect((await send('GET', secret, undefined, token)).json.code).toBe('sealed')
    await pawl(['unseal'], `${shares.join('\n')}\n`)
    expect((await send('GET', secret, undefined, token)).status).toBe(200)
    await stop()
    expect((await pawl(['seal'])).status).toBe(78)
  })

  test('gives shares to files for their owner alone, prints none, and overwrites none', async () => {
    const { shares, out } = await splitVault()
    for (const [at, share] of shares.entries()) {
      expect(share).toMatch(new RegExp(`^pawl-share-${at + 1}-`))
      expect(out).not.toContain(share.slice(14))
      expect(statSync(join(folder, 'shares', `share-${at + 1}`)).mode & 0o777).toBe(0o600)
    }
    expect(statSync(join(folder, 'shares')).mode & 0o777).toBe(0o700)
    const again = await pawl(['root', 'split', '--out-dir', join(folder, 'shares')], `${shares.join('\n')}\n`)
    expect([again.status, again.out]).toEqual([78, expect.stringContaining('does not overwrite it')])
    expect((await pawl(['root', 'join'], shares.join('\n'))).status).toBe(0)
  })
})

/** A room with people in it: each does what the screen says, with what they were given. */
function people(answer: (question: string, shown: readonly string[]) => string) {
  const shown: string[] = []
  const errors: string[] = []
  const terminal: Terminal = {
    env: settings(),
    isColoured: false,
    out: (line) => void shown.push(line),
    error: (line) => void errors.push(line),
    ask: async (question) => answer(question, shown),
    stopped: async () => {},
  }
  return { terminal, shown, errors, given: () => shown.flatMap((line) => /pawl-share-\S+/.exec(line)?.[0] ?? []) }
}

describe('a ceremony in a room', () => {
  beforeEach(async () => {
    await serve()
    await stop()
  })

  async function split(args: readonly string[] = []) {
    let slips = 0
    const room = people((question, shown) => {
      if (!question.startsWith('Custodian')) return ''
      const mine = shown.flatMap((line) => /pawl-share-\S+/.exec(line)?.[0] ?? []).at(-1) ?? ''
      return slips++ === 0 ? mine.replace(/.$/, '') : mine.toUpperCase()
    })
    expect(await main(['root', 'split', ...args], room.terminal)).toBe(0)
    expect(room.errors).toEqual(['This is not the share that was shown.'])
    return room.given()
  }

  test('shows each share once, asks for it back, and the shares then change the root again', async () => {
    const shares = await split(['--shares', '3', '--threshold', '2'])
    expect(shares).toHaveLength(3)
    const entered = [shares[1], shares[0]]
    const room = people((question, shown) => {
      if (question.startsWith('Share')) return entered.shift() ?? ''
      return shown.flatMap((line) => /pawl-share-\S+/.exec(line)?.[0] ?? []).at(-1) ?? ''
    })
    expect(await main(['root', 'rotate', '--yes'], room.terminal)).toBe(0)
    expect(room.given()).toHaveLength(3)
    expect(room.shown.at(-1)).toContain('Any 2 of them open the vault. Destroy the old shares.')
    const old = people(() => shares.shift() ?? 'no more')
    old.terminal.ask = async () => shares.shift() ?? Promise.reject(new Error('nobody has another share'))
    expect(await main(['root', 'join'], old.terminal)).toBe(1)
    expect(old.errors).toContain('This share belongs to another set of shares than the one this vault is sealed with.')
    const fresh = room.given()
    const joining = people(() => fresh.shift() ?? '')
    expect(await main(['root', 'join'], joining.terminal)).toBe(0)
    expect(existsSync(join(data(), 'root.key'))).toBe(true)
    expect((await serve()).said()).not.toContain('sealed')
  })

  test('that is broken off has changed nothing', async () => {
    const room = people(() => {
      throw new Error('the lights went out')
    })
    expect(await main(['root', 'split'], room.terminal)).toBe(1)
    await serve()
    expect((await send('GET', '/v1/seal')).json).toEqual({ sealed: false, threshold: null, shares: null, progress: 0 })
  })

  test('refuses counts that make no sense, shares without a place to show them, and a vault that is in use', async () => {
    const { terminal, errors } = people(() => '')
    expect(await main(['root', 'split', '--shares', 'many'], terminal)).toBe(64)
    expect(await main(['root', 'split', '--threshold', '6'], terminal)).toBe(1)
    expect((await pawl(['root', 'split'])).out).toContain('use --out-dir')
    await serve()
    expect(await main(['root', 'split'], terminal)).toBe(78)
    expect(errors.at(-1)).toBe(`pawl: A server runs on ${data()}. Stop it first.`)
  })

  test('gives a key file a new root, and the copy of the old one opens nothing', async () => {
    const before = readFileSync(join(data(), 'root.key'))
    expect((await pawl(['root', 'rotate'])).status).toBe(0)
    expect(readFileSync(join(data(), 'root.key')).equals(before)).toBe(false)
    await serve()
    await stop()
    writeFileSync(join(data(), 'root.key'), before, { mode: 0o600 })
    await expect(serve()).rejects.toThrow('This is not a root key that opens')
  })
})

describe.runIf(hasSoftHsm)('a root that a token wraps', () => {
  test('opens the vault by itself while the token is there, and not without it', async () => {
    const token = await newToken()
    try {
      await serve()
      await stop()
      more = { PAWL_ROOT_HSM: token.uri }
      await expect(serve()).rejects.toThrow(
        'PAWL_ROOT_HSM is set, but its token does not wrap the root key yet. Run: pawl root wrap',
      )
      expect((await pawl(['root', 'wrap'])).out).toContain('Keep that setting.')
      expect(existsSync(join(data(), 'root.key'))).toBe(false)
      await serve()
      renameSync(token.folder, `${token.folder}-away`)
      expect((await send('POST', '/v1/auth/token', { email: 'owner@localhost', password })).status).toBe(200)
      await expect(serve()).rejects.toThrow('The HSM that wraps the root key cannot give it')
      renameSync(`${token.folder}-away`, token.folder)
      expect((await serve()).said()).not.toContain('sealed')
      expect(await pawl(['seal'])).toEqual({ status: 0, out: 'The vault is sealed.\n' })
      expect((await send('GET', '/v1/seal')).json).toMatchObject({ sealed: true, threshold: null })
      expect((await pawl(['unseal'], 'x')).out).toContain('Restart the server.')
      await stop()
      expect((await pawl(['root', 'rotate'])).status).toBe(0)
      await serve()
      await stop()
      more = {}
      await expect(serve()).rejects.toThrow('Set PAWL_ROOT_HSM to its URI.')
      more = { PAWL_ROOT_HSM: token.uri }
      expect((await pawl(['root', 'join'])).out).toContain('root.key')
      more = {}
      expect((await serve()).said()).not.toContain('sealed')
      expect(existsSync(join(data(), 'root.wrapped'))).toBe(false)
    } finally {
      await stop()
      await token.destroy()
    }
  }, 120_000)
})
