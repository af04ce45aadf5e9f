import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createClient } from '@pawl/core/client'
import { tagged } from '@pawl/testkit/canary'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { pawlMain } from '../../../../tools/real-parts/pawl.ts'
import { some } from '../../../../tools/test-run/index.ts'
import { type Session, startSession } from './session.ts'

// What only a real process, and what only a real terminal shows.

let session: Session

beforeAll(async () => {
  session = await startSession()
}, 60_000)
afterAll(() => session.stop())

const script = programAt('script')

/** Runs a command at a terminal of the usual width, with somebody who answers each question; answers what is on the screen. */
async function atTerminal(command: string, answers: Readonly<Record<string, string>> = {}, width = 80) {
  const env = { ...session.env, TERM: 'xterm' }
  const child = spawn(script ?? '', ['-qec', `stty cols ${width}; ${command}`, '/dev/null'], { env, stdio: 'pipe' })
  let [screen, seen] = ['', 0]
  const left = Object.entries(answers)
  child.stdout.on('data', (chunk) => {
    screen += chunk
    const [question, answer] = left[0] ?? []
    // The line that is edited is drawn again and again.
    if (question === undefined || !screen.slice(seen).includes(question)) return
    left.shift()
    seen = screen.length
    child.stdin.write(`${answer}\r`)
  })
  const status = await new Promise((done) => child.once('close', done))
  return { status, screen: screen.replaceAll('\r\n', '\n') }
}

describe.skipIf(!hasPart('script', 'apt-get install bsdutils', script !== null))('at a terminal', () => {
  test('login --password asks for what is not said, and shows no password', async () => {
    const answers = { 'E-mail: ': 'dev@localhost', 'password: ': session.password }
    const { status, screen } = await atTerminal('pawl login --password', answers)
    expect([status, screen]).toEqual([0, expect.stringContaining(`Signed in at ${session.url} as dev@localhost.`)])
    expect(screen).not.toContain(session.password)
  })

  test('a value is typed unseen, and what is deleted is asked about', async () => {
    const set = await atTerminal('pawl secret set typed/value', { 'value: ': tagged('typed') })
    expect([set.status, set.screen]).toEqual([0, expect.stringContaining('path     typed/value')])
    expect(set.screen).not.toContain(tagged('typed'))
    const stored = await session.shell('pawl secret get typed/value --quiet')
    expect(stored.printed).toBe(tagged('typed'))
    const question = 'pawl secret delete typed/value: are you sure? (yes/no) '
    const no = await atTerminal('pawl secret delete typed/value', { [question]: 'no' })
    expect([no.status, no.screen]).toEqual([64, expect.stringContaining('nothing was done')])
    const yes = await atTerminal('pawl secret delete typed/value', { [question]: 'yes' })
    expect([yes.status, yes.screen]).toEqual([0, expect.stringContaining('Done.')])
  })

  test('tables have relative times, fit into the line and are coloured, unless that is not wanted', async () => {
    const { screen } = await atTerminal('pawl vault list')
    expect(screen).toContain('\u001b[2mNAME ')
    expect(screen).toMatch(/^default +[0-9a-f-]{36} {2}(just now|\d minutes? ago)$/m)
    expect((await atTerminal('TERM=dumb pawl vault list')).screen).not.toContain('\u001b')
    const trail = await atTerminal('NO_COLOR=1 pawl audit list --action vault.list')
    expect(trail.screen).not.toContain('\u001b')
    expect(trail.screen).toMatch(/^(just now|\d+ \w+ ago) +vault\.list +- +- +dev@localhost +[0-9a-f]{8}…$/m)
    const { screen: wide } = await atTerminal('pawl policy list')
    expect(wide).toMatch(/^secret path pattern {2}config\/\*\*\npermissions +read\n/m)
    for (const { length } of (trail.screen + wide).split('\n')) expect(length).toBeLessThanOrEqual(80)
    const none = await atTerminal('NO_COLOR=1 pawl share list')
    expect(none.screen).toContain('No shares.\n')
  })

  const isToCopy = /^(Usage|Example): /

  test.each(some('widths of a terminal', 3, [80, 60, 120]))(
    'what is shown has no line that is wider than %i columns (N4)',
    async (width) => {
      const commands = [
        '--help',
        'vault',
        'env run --help',
        'agent create --help-all',
        'policy list',
        'agent list',
        'ls',
      ]
      for (const command of commands) {
        const { screen } = await atTerminal(`NO_COLOR=1 pawl ${command}`, {}, width)
        const wide = screen.split('\n').filter((line) => line.length > width && !isToCopy.test(line))
        expect([command, wide]).toEqual([command, []])
      }
    },
  )
})

describe('as a process', () => {
  test('login shows a URL and a code, and is signed in when the user allows it in the browser', async () => {
    const decide = async (verb: 'allow' | 'deny') => {
      const child = spawn('pawl', ['login', '--for', '12h'], { env: session.env, stdio: ['ignore', 'pipe', 'pipe'] })
      const out = text(child.stdout)
      let shown = ''
      const code = await new Promise<string>((found) => {
        child.stderr.on('data', (chunk) => {
          shown += chunk
          const [, one] = /allow the code (\S+)/.exec(shown) ?? []
          if (one) found(one)
        })
      })
      expect(shown).toMatch(new RegExp(`^Open http://127[.]0[.]0[.]1:\\d+/cli/verify[?]code=${code}$`, 'm'))
      const user = createClient({ url: session.url, email: 'dev@localhost', password: session.password })
      await user.logins[verb]({ user_code: code })
      const status = await new Promise((done) => child.once('close', done))
      return { status, out: await out, shown }
    }
    // In parallel, because each command polls for the decision of the user only every five seconds.
    const [denied, { status, out }] = await Promise.all([decide('deny'), decide('allow')])
    expect(denied).toMatchObject({ status: 77, shown: expect.stringContaining('was denied') })
    expect([status, out]).toEqual([0, `Signed in at ${session.url} as dev@localhost.\n`])
    expect((await session.shell('pawl whoami --quiet')).printed).toBe('dev@localhost\n')
    const { printed } = await session.shell('pawl login --for 30d')
    expect(printed).toContain('--password')
  }, 60_000)

  test('env run --watch starts the program again with the new value of a secret (N4)', async () => {
    await session.shell('printf %s "$DEV_PASSWORD" | pawl login --email dev@localhost')
    await session.shell('printf first | pawl set watched/word')
    const args = ['run', '--watch', '-p', 'watched', '--', 'sh', '-c', 'echo "$WORD"; exec sleep 60']
    const child = spawn('pawl', args, { env: session.env, stdio: ['ignore', 'pipe', 'ignore'] })
    let heard = ''
    child.stdout.on('data', (chunk) => {
      heard += chunk
    })
    const said = (wanted: string) =>
      new Promise<void>((done) => {
        const look = () => heard.includes(wanted) && done()
        child.stdout.on('data', look)
        look()
      })
    await said('first\n')
    await session.shell('printf second | pawl set watched/word')
    await said('second\n')
    child.kill('SIGTERM')
    const status = await new Promise((done) => child.once('close', done))
    expect(status).toBe(143)
  }, 60_000)

  test('a program in env run gets the signals, and its end is the end of the command', async () => {
    await session.shell('printf %s "$DEV_PASSWORD" | pawl login --email dev@localhost')
    const run = `trap 'echo asked; exit 7' TERM; echo ready; while :; do sleep 0.05; done`
    const child = spawn('pawl', ['env', 'run', '--', 'sh', '-c', run], {
      env: session.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said === 'ready\n') child.kill('SIGTERM')
    })
    const status = await new Promise((done) => child.once('close', done))
    expect([status, said]).toEqual([7, 'ready\nasked\n'])
  })

  test('a secret is in no argument, no error and no file of the settings', async () => {
    const child = spawn('pawl', ['secret', 'set', 'deep/value', '--json'], { env: session.env, stdio: 'pipe' })
    child.stdin.end(tagged('deep'))
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect(JSON.parse(out).path).toBe('deep/value')
    expect(out + errors).not.toContain(tagged('deep'))
    const { status } = await session.shell('! grep -rq "$SECRET" .', { SECRET: tagged('deep') })
    expect(status).toBe(0)
  })

  test('help loads little of the program: no engine and no schema', () => {
    // It is 20 kB. The engine alone has 800.
    expect(bytesLoadedBy('--help')).toBeLessThan(64_000)
  })

  test('a program that is nowhere is called missing, also where a folder in PATH cannot be read', () => {
    const [folder, locked] = [mkdtempSync(join(tmpdir(), 'pawl-path-')), mkdtempSync(join(tmpdir(), 'pawl-path-'))]
    mkdirSync(join(folder, 'no-such-program'))
    chmodSync(locked, 0o000)
    const env = { ...session.env, PATH: [session.env.PATH, folder, locked].join(delimiter) }
    const { status, stderr } = spawnSync('pawl', ['env', 'run', '--', 'no-such-program'], { env, encoding: 'utf8' })
    chmodSync(locked, 0o700)
    for (const one of [folder, locked]) rmSync(one, { recursive: true })
    expect([status, stderr]).toEqual([64, 'pawl: no-such-program cannot be run: the program was not found\n'])
  })
})

/** How much of the code of the program a run of it loads. */
function bytesLoadedBy(...args: string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-coverage-'))
  spawnSync(process.execPath, [pawlMain, ...args], { env: { NODE_V8_COVERAGE: folder }, stdio: 'ignore' })
  const [report = ''] = readdirSync(folder)
  const { result }: { result: { url: string }[] } = JSON.parse(readFileSync(join(folder, report), 'utf8'))
  rmSync(folder, { recursive: true })
  const files = result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []))
  return files.reduce((sum, file) => sum + statSync(file).size, 0)
}
