import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tagged } from '@pawl/testkit/canary'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { builtCheckout } from './checkout.ts'
import { isolated } from './isolated.ts'
import { plainPath, runScript } from './other-machine.ts'
import { tracing } from './server.ts'

// The guide is followed, line by line: an archive is made of a build of this checkout, and carried to a machine that has
// neither Node.js nor a compiler nor a network, where nobody in particular installs it, breaks it and lives with it.

const root = resolve(import.meta.dirname, '../../../..')
const execute = promisify(execFile)
const timeoutMs = 180_000
const isCarried = isLong('the air-gapped bundle')

let folder: string
/** Everything of the other machine is in here. */
let machine: string
/** Its PATH, and the same with this Node.js in it. */
let path: string
let pathWithNode: string
/** What was printed when the bundle was made, with Node.js and without. */
let printed: string
let printedLean: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-air-gapped-'))
  machine = join(folder, 'machine')
  await mkdir(machine)
  await chmod(folder, 0o755)
  if (process.getuid?.() === 0) await chown(machine, 65_534, 65_534)
  path = await plainPath(folder)
  pathWithNode = `${path}:${join(folder, 'node')}`
  await mkdir(join(folder, 'node'))
  await symlink(process.execPath, join(folder, 'node/node'))
  await builtCheckout(join(folder, 'checkout'))
  printedLean = await bundle('checkout', 'lean.tar.gz')
  const [make = '', install = ''] = await guide()
  printed = await bundle('checkout', ...make.replace('npx pawl bundle ', '').trim().split(' '))
  await there(`cp ../pawl.tar.gz .; ${install}`)
  await there('mkdir lean; tar xzf ../lean.tar.gz -C lean; mv lean/* lean/pawl')
}, timeoutMs)

afterAll(async () => {
  // What is taken away here is searched for secrets, which takes long for so many copies of Node.js; the vault is enough.
  await rm(join(machine, 'day'), { recursive: true, force: true })
  await execute('rm', ['-r', folder])
}, timeoutMs)

describe.runIf(isCarried)('a bundle', () => {
  test('is followed by the SHA-256 that the other machine finds, after what it needs there', async () => {
    const { out } = await there('sha256sum pawl.tar.gz')
    const [unpacks, runs, comes, sum] = printed.split('\n')
    expect(unpacks).toMatch(/^Unpacks to {2}pawl-\d+\.\d+\.\d+-linux-\w+: \d+ packages, \d+\.\d MB packed$/)
    expect(runs).toMatch(/^Runs on {5}Linux \w+, glibc 2\.\d+ or newer$/)
    expect(comes).toBe('With        the Node.js in it')
    expect(sum).toBe(out)
    expect(printedLean).toContain(`Node.js 20.19 or newer whose ABI is ${process.versions.modules}`)
  })

  test('is the same to the byte from a checkout elsewhere, and from where it is installed', async () => {
    await builtCheckout(join(folder, 'else/where'), join(folder, 'checkout'))
    const elsewhere = await bundle('else/where', 'elsewhere.tar.gz')
    const { out } = await there('opt/pawl/bin/pawl bundle again.tar.gz')
    const sums = [printedLean, elsewhere, out].map((lines) => lines.split('\n').at(-1)?.split(' ')[0])
    expect(new Set(sums).size).toBe(1)
  })

  test('tells nothing of the machine that made it, and has nothing that only builds', async () => {
    const entries = await readdir(join(machine, 'opt/pawl'), { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    expect(files.length).toBeGreaterThan(500)
    expect(files.filter((file) => /\.(ts|map|c|h|o|gyp)$|prebuild-install|\/@pawl\/testkit\//.test(file))).toEqual([])
    const telling: string[] = []
    for (const file of files) {
      const bytes = await readFile(file)
      if ([root, folder].some((place) => bytes.includes(place))) telling.push(file)
    }
    expect(telling).toEqual([])
  })

  test('names what it consists of, with the terms of each part', async () => {
    const manifest = JSON.parse(await readFile(join(machine, 'opt/pawl/manifest.json'), 'utf8'))
    const { dependencies } = JSON.parse(await readFile(join(root, 'packages/server/package.json'), 'utf8'))
    const names: string[] = manifest.packages.map(({ name }: { name: string }) => name)
    expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), 'better-sqlite3', 'Node.js']))
    const notices = await readFile(join(machine, 'opt/pawl/NOTICES'), 'utf8')
    for (const { name, version, licence } of manifest.packages) {
      expect(notices).toContain(`\n${name} ${version}: ${licence}\n`)
      expect(notices).toContain(`\n${name} ${version}\n\n`)
    }
  })

  test('does not go over a file that is there', async () => {
    const refused = bundle('checkout', 'lean.tar.gz')
    await expect(refused).rejects.toThrow('lean.tar.gz already exists')
  })
})

describe.runIf(isCarried)('on the other machine', () => {
  test('a file that was changed, added or taken away is named', async () => {
    const change = 'cp -R lean/pawl v; echo >> v/bin/pawl; echo > v/lib/more.mjs; rm v/NOTICES; v/verify.sh'
    const { status, out } = await there(change)
    expect(status).toBe(1)
    expect(out.split('\n').sort()).toEqual([
      expect.stringMatching(/^NOTICES: FAILED/),
      'bin/pawl: FAILED',
      'lib/more.mjs: is not part of the bundle',
    ])
    const { status: refused, errors } = await there('v/install.sh "$PWD/damaged"')
    expect([refused, errors.split('\n').at(-1)]).toEqual([1, 'pawl: the bundle is damaged. Carry it over again.'])
  })

  test.each([
    ['another processor', '"machine": "', '"machine": "Linux vax, not ', /for Linux vax, .*and this machine is Linux/],
    ['a Node.js of another ABI', '"abi": "', '"abi": "9', /needs Node\.js 20\.19 or newer whose ABI is 9\d+, and this/],
    ['an older Node.js', '"node": "', '"node": "9', /needs Node\.js 920\.19 or newer/],
    ['an older glibc', '"glibc": "2.', '"glibc": "2.9', /needs glibc 2\.9\d+ or newer, and this machine has 2\./],
  ])('with %s it says what it needs', async (_, from, to, message) => {
    const script = `rm -rf other; cp -R lean/pawl other; sed -i 's/${from}/${to}/' other/manifest.json; other/bin/pawl serve`
    const { status, errors } = await there(script, pathWithNode)
    expect([status, errors.split('\n').length]).toEqual([1, 1])
    expect(errors).toMatch(message)
  })

  test('without Node.js, a bundle without it says so', async () => {
    const { status, errors } = await there('lean/pawl/bin/pawl serve')
    expect([status, errors]).toEqual([1, expect.stringContaining('there is no node on the PATH')])
  })

  test('it goes over an older one, and never over a vault or anything else', async () => {
    const install = 'lean/pawl/install.sh "$PWD/place"'
    for (const way of [install, install]) {
      expect((await there(way, pathWithNode)).out).toMatch(
        /^Pawl .* is in .*\/place\. Start it with: .*\/bin\/pawl serve$/,
      )
    }
    const { status, errors, out } = await there(`mkdir place/.pawl; echo > place/.pawl/keys; ${install}`, pathWithNode)
    expect([status, out]).toEqual([1, '.pawl/keys: is not part of the bundle'])
    expect(errors).toContain('holds something else than Pawl')
    const elsewhere = await there('mkdir mine; echo > mine/file; lean/pawl/install.sh "$PWD/mine"', pathWithNode)
    expect(elsewhere.status).toBe(1)
    expect((await there('cat place/.pawl/keys mine/file; echo place.*')).out).toBe('place.*')
  })
})

const libraries = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`)
const faketime = libraries.find((library) => existsSync(library))
const tools = process.getuid?.() === 0 && ['ip', 'strace', 'setpriv'].every((name) => programAt(name)) && faketime
const remedy = 'As root: apt-get install iproute2 strace faketime'

describe.runIf(isCarried && hasPart('A network of its own and a clock to turn', remedy, Boolean(tools)))(
  'without a network',
  () => {
    test(
      'whatever leaves the machine would be seen',
      async () => {
        await using there = await isolated()
        const calls = join(folder, 'calls-that-leave')
        const script = `
        require('node:dns').lookup('example.com', () => {})
        require('node:net').connect(80, '203.0.113.1').on('error', () => {}).setTimeout(100, () => process.exit())
        require('node:dgram').createSocket('udp6').send('hello', 53, '2001:db8:1::1')`
        await done(there.spawn([...tracing(calls), process.execPath, '-e', script], process.env))
        await there.quiet()
        expect(await there.packets()).toBeGreaterThanOrEqual(3)
        const found = (await callsThatLeave(calls)).join('\n')
        for (const address of ['192.0.2.53', '203.0.113.1', '2001:db8:1::1']) expect(found).toContain(address)
      },
      timeoutMs,
    )

    test(
      'a day of normal use sends nothing anywhere, and ends with a trail that is whole',
      async () => {
        await using there = await isolated()
        const [place, program] = [join(machine, 'day'), join(machine, 'opt/pawl/bin/pawl')]
        await runScript('mkdir day', { cwd: machine, path })
        const day = [
          process.execPath,
          '--import',
          'tsx',
          '--conditions=@pawl/source',
          fileURLToPath(new URL('day.ts', import.meta.url)),
        ]
        const env = { ...process.env, OWNER_PASSWORD: tagged('Correct-Horse-1815') }
        const { answered } = JSON.parse(await done(there.spawn([...day, program, place, path, faketime ?? ''], env)))
        await there.quiet()
        expect(answered).toBeGreaterThan(1_500)
        expect(await there.packets()).toBe(0)
        expect(await callsThatLeave(join(place, 'calls'))).toEqual([])
        const { status, out } = await runScript(`PAWL_DATA_DIR=day/data ${program} audit verify`, {
          cwd: machine,
          path,
        })
        expect(status).toBe(0)
        // A checkpoint is due every ten minutes, so the clock was turned for what the server does by itself, too.
        const [, ...lanes] = out.trim().split('\n')
        const signed = lanes.map((line) => Number(line.split(/ +/)[3]))
        expect(Math.max(...signed)).toBeGreaterThan(1_000)
      },
      timeoutMs,
    )
  },
)

async function callsThatLeave(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  expect(lines.some((line) => line.includes('+++ exited with 0 +++'))).toBe(true)
  return lines.filter((line) => /sa_family=AF_INET/.test(line) && !/inet_addr\("127\.|"::1"/.test(line))
}

/** What a program said that ended well. */
async function done(child: ChildProcess): Promise<string> {
  const read = (stream: Readable | null) => (stream ? text(stream) : '')
  const [out, errors, [status]] = await Promise.all([read(child.stdout), read(child.stderr), once(child, 'close')])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  return out
}

async function bundle(from: string, ...args: readonly string[]): Promise<string> {
  const program = join(folder, from, 'packages/server/bin/pawl.mjs')
  const { stdout } = await execute(process.execPath, [program, 'bundle', ...args], { cwd: folder })
  return stdout.trim()
}

function there(script: string, found = path) {
  return runScript(script, { cwd: machine, path: found })
}

/** What the guide says to paste, a text for each block, with a place for the installation that nobody may write to. */
async function guide(): Promise<string[]> {
  const guide = await readFile(join(root, 'docs/air-gapped.md'), 'utf8')
  const blocks = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines = '']) => lines)
  return blocks.map((lines) => lines.replaceAll('sudo ', '').replaceAll('/opt/pawl', `${machine}/opt/pawl`))
}
