import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { version } from '../version.ts'
import { main } from './program.ts'
import type { Terminal } from './terminal.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Screen {
  readonly terminal: Terminal
  readonly lines: string[]
  readonly errors: string[]
  stop(): void
}

function screen(env: Record<string, string> = {}, isColoured = false): Screen {
  const [lines, errors]: [string[], string[]] = [[], []]
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  const terminal: Terminal = {
    env: { PAWL_DATA_DIR: join(folder, 'data'), PAWL_PORT: '0', ...env },
    isColoured,
    out: (line) => void lines.push(...line.split('\n')),
    error: (line) => void errors.push(line),
    stopped: () => stopped,
  }
  return { terminal, lines, errors, stop }
}

async function run(args: string[], env?: Record<string, string>) {
  const { terminal, lines, errors } = screen(env)
  const status = await main(args, terminal)
  return { status, out: lines.join('\n'), errors: errors.join('\n') }
}

/** Runs `pawl serve` while `work` looks at it; gives what was on the screen at the end. */
async function whileServing(
  work: (lines: string[]) => Promise<void>,
  env?: Record<string, string>,
  args: string[] = [],
) {
  const { terminal, lines, errors, stop } = screen(env)
  const status = main(['serve', ...args], terminal)
  await Promise.race([until(() => lines.includes('Stop with Ctrl-C.')), status])
  await work(lines)
  stop()
  return { status: await status, lines, errors }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('pawl', () => {
  test('says what it can do', async () => {
    for (const args of [[], ['--help'], ['-h'], ['help']]) {
      const { status, out } = await run(args)
      expect([status, out.includes('Usage: pawl <command>')]).toEqual([0, true])
      expect(out).toMatch(/^ {2}serve +Open the vault/m)
    }
  })

  test('says its version', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, out: version, errors: '' })
  })

  test('says what is wrong with a command line, and ends with 64', async () => {
    for (const args of [
      ['sreve'],
      ['serve', '--prot', '1'],
      ['serve', 'now'],
      ['serve', '--port'],
      ['bundle'],
      ['bundle', 'a', 'b'],
    ]) {
      const { status, errors } = await run(args)
      expect(status, args.join(' ')).toBe(64)
      expect(errors, args.join(' ')).toMatch(/^pawl: .+ Run pawl .*--help\.$/)
    }
  })

  test('says what is wrong with a configuration, and ends with 78', async () => {
    const { status, errors } = await run(['serve'], { PAWL_PROT: '1', PAWL_PORT: 'x' })
    expect(status).toBe(78)
    expect(errors.split('\n')).toEqual([
      'pawl: PAWL_PROT is not a setting. Did you mean PAWL_PORT?',
      'pawl: PAWL_PORT must be a port from 0 to 65535.',
    ])
  })

  test('explains a command, with every option that is not a secret', async () => {
    const { status, out } = await run(['serve', '--help'])
    expect(status).toBe(0)
    expect(out).toContain('--data-dir <value>')
    expect(out).not.toMatch(/password|passphrase <|root-key <|token <|pin </)
  })
})

describe('pawl config', () => {
  test('shows each setting, and no secret', async () => {
    const { status, out } = await run(['config'], { PAWL_OWNER_PASSWORD: tagged('hunter2') })
    expect(status).toBe(0)
    expect(out).toContain('PAWL_HOST=127.0.0.1\n')
    expect(out).toContain('PAWL_OWNER_PASSWORD=(set)\n')
    expect(out).not.toContain(tagged('hunter2'))
  })

  test('ends with what is wrong', async () => {
    const { status, errors } = await run(['config'], { PAWL_PORT: 'x' })
    expect([status, errors]).toEqual([78, 'pawl: PAWL_PORT must be a port from 0 to 65535.'])
  })
})

describe('pawl serve', () => {
  test('says where it listens and where data lies, and the password it made; the second time it has none to say', async () => {
    let password = ''
    const first = await whileServing(async (lines) => {
      const url = lines.find((line) => line.startsWith('  API'))?.split(/ +/)[2] ?? ''
      expect((await fetch(`${url}/v1/health`)).status).toBe(200)
      password = lines.find((line) => line.startsWith('  Password'))?.split(/ +/)[2] ?? ''
    })
    expect(first.status).toBe(0)
    expect(first.lines.join('\n')).toContain(`  Data       ${join(folder, 'data')}`)
    expect(password).toMatch(/^[\w-]{27}$/)

    const second = await whileServing(async () => {})
    expect(second.status).toBe(0)
    expect(second.lines.join('\n')).not.toContain(password)
    expect(second.lines.join('\n')).not.toMatch(/^ {2}Password/m)
    expect(second.lines.join('\n')).toContain('Lost password: npx pawl owner reset-password')
  })

  test('shows lines that work when they are pasted', async () => {
    await whileServing(async (lines) => {
      const from = lines.indexOf('Try it:') + 2
      const pasted = lines.slice(from, lines.indexOf('', from)).join('\n')
      const { stdout } = await promisify(execFile)('sh', ['-c', pasted], { env: { PATH: pathWithCurl() } })
      expect(stdout).toContain('"value":"world"')
    })
  })

  test('shows lines that take a password it was given from the environment, and not the password', async () => {
    const password = tagged('Correct-Horse-1815')
    const env = { PAWL_OWNER_PASSWORD: password }
    const { lines } = await whileServing(async (lines) => {
      const from = lines.indexOf('Try it:') + 2
      const pasted = lines.slice(from, lines.indexOf('', from)).join('\n')
      const shell = { env: { PATH: pathWithCurl(), ...env } }
      const { stdout } = await promisify(execFile)('sh', ['-c', pasted], shell)
      expect(stdout).toContain('"value":"world"')
    }, env)
    expect(lines.join('\n')).not.toContain(password)
  })

  test('takes a flag over the environment', async () => {
    const { lines } = await whileServing(async () => {}, {}, ['--data-dir', join(folder, 'elsewhere')])
    expect(lines.join('\n')).toContain(join(folder, 'elsewhere'))
  })

  test('says that an address other machines may reach has no TLS', async () => {
    const { lines } = await whileServing(async () => {}, { PAWL_HOST: '0.0.0.0' })
    expect(lines.join('\n')).toMatch(/Other machines can reach 0\.0\.0\.0.*TLS/)
    const { lines: behind } = await whileServing(async () => {}, {
      PAWL_HOST: '0.0.0.0',
      PAWL_PUBLIC_URL: 'https://vault.example.com',
    })
    expect(behind.join('\n')).not.toContain('TLS')
  })

  test('has colours only where they can be seen', async () => {
    const seen = async (isColoured: boolean) => {
      const { terminal, lines } = screen({}, isColoured)
      await main(['--help'], terminal)
      return lines.join('\n').includes('\u001b[')
    }
    expect([await seen(true), await seen(false)]).toEqual([true, false])
  })

  test('says in a line why it cannot start, and ends with 1', async () => {
    await whileServing(async (lines) => {
      const { port } = new URL(lines.find((line) => line.startsWith('  API'))?.split(/ +/)[2] ?? '')
      const { status, errors } = await run(['serve'], { PAWL_PORT: port, PAWL_DATA_DIR: join(folder, 'other') })
      expect([status, errors.split('\n').length]).toEqual([1, 1])
      expect(errors).toContain(port)
    })
  })
})

/** A PATH that has curl, whether or not the machine does: as much of it as the lines use. */
function pathWithCurl(): string {
  const script = `#!${process.execPath}
const args = process.argv.slice(2)
const valueOf = (flag) => args[args.indexOf(flag) + 1]
const body = args.includes('--json') ? valueOf('--json') : undefined
const method = args.includes('-X') ? valueOf('-X') : body === undefined ? 'GET' : 'POST'
const [name, ...rest] = args.includes('-H') ? valueOf('-H').split(': ') : ['x-none', '']
const type = { 'content-type': 'application/json' }
fetch(args.find((arg) => arg.startsWith('http')), { method, body, headers: { ...type, [name]: rest.join(': ') } })
  .then((answer) => answer.text()).then((text) => process.stdout.write(text))
`
  writeFileSync(join(folder, 'curl'), script)
  chmodSync(join(folder, 'curl'), 0o755)
  return `${folder}:/usr/local/bin:/usr/bin:/bin`
}

describe('what people type in another order, or with the words of others (N4)', () => {
  test.each([
    ['share db/password', 'Did you mean share create db/password?'],
    ['share db/password --to bot', 'Did you mean share create db/password?'],
    ['secret db/password', 'Did you mean secret get db/password?'],
    ['db/password', 'Did you mean get db/password?'],
    ['secret get --path db/password', 'Type <path> without a flag: pawl secret get <path>.'],
    ['secret get --name db/password', 'Type <path> without a flag: pawl secret get <path>.'],
    ['agent get --id bot', 'Type <agent-id> without a flag: pawl agent get <agent-id>.'],
    ['get op://prod/db/password', 'Type: pawl secret get db/password --vault prod'],
    ['mv db/a db/b', 'pawl get <old path> -q | pawl set <new path>'],
    ['secret copy db/a db/b', 'pawl get <old path> -q | pawl set <new path>'],
    ['kv rollback -version=1 db/a', 'pawl get <path> --version <number> -q | pawl set <path>'],
    ['inject -i app.env', 'pawl run -- <program>'],
    ['grant', 'Usage: pawl grant <who> <permissions>… <path>.'],
    ['grant bot', 'Usage: pawl grant <who> <permissions>… <path>.'],
    ['policy write ci ci.hcl', "Example: pawl policy create --path 'db/*' --principal-id"],
    ['explain bot db/password', 'Example: pawl policy explain db/password'],
    ['--frob get x', 'Type flags after the command, such as: pawl secret list --json.'],
  ])('pawl %s says what to type', async (line, hint) => {
    const { status, errors } = await run(line.split(' '))
    expect(errors).toContain(hint)
    expect(status).toBe(64)
  })

  test.each([
    '--vault prod get db/password',
    '-v prod get db/password',
    '-o json --vault=prod get db/password',
    '--quiet get db/password',
  ])('the flags of pawl %s may come first', async (line) => {
    const { errors } = await run(line.split(' '), { PAWL_URL: 'http://127.0.0.1:9', PAWL_TOKEN: 'x' })
    expect(errors).toContain('the connection failed')
  })

  test('flags that come first do not become flags of a program', async () => {
    const { errors } = await run(['--api-url', 'http://127.0.0.1:9', 'run', '--', 'true'], { PAWL_TOKEN: 'x' })
    expect(errors).toContain('http://127.0.0.1:9: the connection failed')
  })
})
