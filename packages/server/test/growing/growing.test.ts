import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { tagged } from '@pawl/testkit/canary'
import { expect, onTestFinished, test } from 'vitest'
import { hasCurl } from '../../../../tools/real-parts/curl.ts'
import { pathWithPawl } from '../../../../tools/real-parts/pawl.ts'
import { hasPostgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { hasSoftHsm, softHsmModule } from '../../../../tools/real-parts/softhsm.ts'

// Goal: an operator who follows docs/growing.md line by line ends where it says. Method: a shell runs the lines of the
// page, with a real server of PostgreSQL and a real token; only what every reader replaces is replaced.

const root = resolve(import.meta.dirname, '../../../..')

test.skipIf(!hasPostgres || !hasSoftHsm || !hasCurl)(
  'the way from a laptop to two machines is as the guide has it, from the first line to the last',
  async () => {
    await using server = await startPostgres()
    const [database, third] = [await server.newDatabase(), await server.newDatabase()]
    const folder = newFolder()
    const values = [tagged('hunter2'), tagged('hunter3')]
    const port = await freePort()
    const script = await linesOfGuide({
      '127.0.0.1:8210': `127.0.0.1:${port}`,
      "'Correct-Horse-1815'": `'${tagged('Correct-Horse-1815')}'`,
      hunter2: values[0] ?? '',
      hunter3: values[1] ?? '',
      '/usr/lib/softhsm/libsofthsm2.so': softHsmModule,
      'postgres://pawl@db.example.com/pawl': withoutPassword(database),
      'postgres://pawl@third.example.com/pawl': withoutPassword(third),
    })
    const { status, out, errors } = await run(script, {
      ...machineIn(folder),
      PAWL_PORT: `${port}`,
      PGPASSWORD: new URL(database).password,
    })
    expect(errors).not.toMatch(/pawl:/)
    expect(status, errors).toBe(0)

    const read = [...out.matchAll(/"value":"(hunter[^"]+)"/g)].map(([, value]) => value)
    // Written on one and read on the other; after a rotation and a loss; and from the backup.
    expect(read).toEqual([values[1], values[1], values[1]])
    const lanes = out.split('\n').filter((line) => /^[0-9a-f-]{36} +\w+ +\d+ +\d+ +\d+ +[0-9a-f]{64} /.test(line))
    expect(lanes.length).toBeGreaterThanOrEqual(4)
    for (const lane of lanes) expect(lane).toMatch(/ whole$/)
  },
  300_000,
)

/** The shell of the page, with a place of our own in the place of everybody's. */
async function linesOfGuide(ours: Record<string, string>): Promise<string> {
  const page = readFileSync(join(root, 'docs/growing.md'), 'utf8')
  let script = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, lines]) => lines).join('\n')
  for (const port of ['8211', '8212', '8213']) ours[port] = String(await freePort())
  for (const [theirs, mine] of Object.entries(ours)) {
    expect(script).toContain(theirs)
    script = script.replaceAll(theirs, mine)
  }
  return script
}

async function run(script: string, env: Record<string, string>) {
  const shell = spawn('bash', ['-eus'], { cwd: env.HOME, env, detached: true })
  // What it starts is in its group, so all of that ends with it.
  const endAll = () => void (shell.pid && kill(-shell.pid))
  onTestFinished(endAll)
  shell.stdin.end(script)
  const ended = new Promise<number | null>((done) => shell.once('exit', done)).finally(endAll)
  const [out, errors, status] = await Promise.all([text(shell.stdout), text(shell.stderr), ended])
  return { status, out, errors }
}

/** A machine with a token device, and `npx` that finds this checkout. */
function machineIn(folder: string): Record<string, string> {
  mkdirSync(join(folder, 'tokens'))
  const config = join(folder, 'softhsm2.conf')
  writeFileSync(config, `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`)
  for (const name of ['pin', 'so-pin']) writeFileSync(join(folder, name), `${crypto.randomUUID()}\n`, { mode: 0o600 })
  return {
    PATH: pathWithPawl(),
    HOME: folder,
    TMPDIR: tmpdir(),
    SOFTHSM2_CONF: config,
    PAWL_PORT: '8210',
  }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-growing-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

function kill(group: number): void {
  try {
    process.kill(group, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}

function withoutPassword(url: string): string {
  return Object.assign(new URL(url), { password: '' }).href
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer().once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address ? found(address.port) : failed(address)))
    })
  })
}
