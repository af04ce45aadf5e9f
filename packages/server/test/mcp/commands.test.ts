import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Secret } from '@pawl/core'
import { searchFor, tagged } from '@pawl/testkit/canary'
import { afterAll, describe, expect, it } from 'vitest'
import { localCommands } from '../../src/mcp/commands.ts'
import { openRoom, pawlMcp, say } from './sessions.ts'

// Goal: a model runs what a human named, with values that it never sees, and nothing else. Method: real programs that
// print all they were given, in every way they know.

// Without the tag: the programs print it, which is what they are for here, and is looked for in what comes of that.
const token = 'deploy "token"/ÿ of this test'
const folder = mkdtempSync(join(tmpdir(), 'pawl-commands-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function fileOf(commands: unknown, mode = 0o600): string {
  const file = join(folder, `commands-${files++}.json`)
  writeFileSync(file, typeof commands === 'string' ? commands : JSON.stringify(commands))
  chmodSync(file, mode)
  return file
}

const node = (program: string, more: object = {}) => ({
  command: [process.execPath, '-e', program],
  env: { TOKEN: 'deploy/token' },
  ...more,
})
const read = async (path: string) => Secret.of(path === 'deploy/token' ? token : 'short')
const shows = searchFor(token)

async function run(command: object, args: unknown = {}) {
  const { call } = await localCommands(fileOf({ deploy: command }))
  const said = await call({ command: 'deploy', ...(args as object) }, read)
  expect(shows(Buffer.from(JSON.stringify(said)))).toEqual([])
  return { ...said, answer: said.structuredContent as Record<string, unknown> }
}

describe('a program', () => {
  it('gets the value, and what it prints of it is taken out, from both streams and in every form', async () => {
    const program = `
      const t = process.env.TOKEN, b = Buffer.from(t)
      for (const c of t) process.stdout.write(c)
      console.log(' ' + [b.toString('base64'), b.toString('hex'), encodeURIComponent(t), JSON.stringify(t)].join(' '))
      console.error('Bearer ' + t)
      console.log(t.length)
      process.exitCode = 3`
    const { answer, isError } = await run(node(program))
    expect(answer).toMatchObject({
      exit_code: 3,
      output: `[redacted] [redacted] [redacted] [redacted] "[redacted]"\n${token.length}\n`,
      errors: 'Bearer [redacted]\n',
      redactions: 6,
    })
    expect(isError).toBe(true)
  })

  it('gets nothing of what the agent signs in with', async () => {
    process.env.PAWL_AGENT_API_KEY = tagged('ocv_')
    process.env.ONECLAW_AGENT_TOKEN = tagged('ey')
    const { answer } = await run(
      node('console.log(Object.keys(process.env).filter((n) => /^(PAWL|ONECLAW)_/.test(n)))'),
    )
    delete process.env.PAWL_AGENT_API_KEY
    delete process.env.ONECLAW_AGENT_TOKEN
    expect(answer.output).toBe('[]\n')
  })

  it('is not read by a shell, and takes arguments of the model only where a human says so (E15)', async () => {
    const program = 'console.log(JSON.stringify(process.argv.slice(1)))'
    const args = { args: ['$TOKEN; echo $(id)', '`id`'] }
    expect((await run(node(program), args)).content[0].text).toContain('takes no additional arguments')
    const { answer } = await run(node(program, { args: true }), args)
    expect(JSON.parse(String(answer.output))).toEqual(args.args)
  })

  it('is ended with all it started when it takes too long or prints too much, and one that is not there is said', async () => {
    const hangs = 'require("child_process").spawn("sleep", ["60"], { stdio: "inherit" }); setInterval(() => {}, 1000)'
    expect((await run(node(hangs, { timeout_ms: 300 }))).answer.problem).toContain('longer than 300 ms')
    const floods = 'for (;;) require("fs").writeSync(1, process.env.TOKEN.repeat(1000))'
    expect((await run(node(floods))).answer.problem).toContain('more than')
    const { answer, isError } = await run({ command: [join(folder, 'missing')], env: {} })
    expect([answer.problem, isError]).toEqual(['The program could not be started (ENOENT).', true])
  })

  it('shows nothing that cannot be searched for the value', async () => {
    const { answer } = await run(node('process.stdout.write(Buffer.from(process.env.TOKEN, "utf16le"))'))
    expect(answer.output).toBe('[not shown: not valid text]')
  })

  it('is not run with a value that could not be taken out, or that cannot be read', async () => {
    const short = await run({ ...node('console.log(1)'), env: { PIN: 'a/pin' } })
    expect(short.content[0].text).toContain('PIN is too short')
    const { call } = await localCommands(fileOf({ deploy: node('console.log(1)') }))
    const failed = await call({ command: 'deploy' }, () => Promise.reject(new Error(token)))
    expect(failed).toMatchObject({ isError: true, content: [{ text: 'TOKEN cannot be read.' }] })
  })

  it.each([{}, { command: 'other' }, { command: 'toString' }, { command: 'deploy', args: 'x' }, null])(
    'is not run for %j',
    async (given) => {
      const { call } = await localCommands(fileOf({ deploy: node('console.log(1)', { args: true }) }))
      expect(await call(given, read)).toMatchObject({ isError: true })
    },
  )
})

describe('the file', () => {
  it.each([0o620, 0o602, 0o666])('is refused when others can write it (%o)', async (mode) => {
    await expect(localCommands(fileOf({}, mode))).rejects.toThrow('chmod go-w')
  })

  it.each([
    ['no JSON', '{'],
    ['a list', []],
    ['a command that is a text for a shell', { deploy: { command: 'deploy.sh' } }],
    ['an empty command', { deploy: { command: [] } }],
    ['a name that is none', { 'a b': { command: ['x'] } }],
    ['a variable that is none', { deploy: { command: ['x'], env: { 'A=B': 'p' } } }],
    ['a member that is misspelt', { deploy: { command: ['x'], environment: {} } }],
    ['a time that is none', { deploy: { command: ['x'], timeout_ms: 0 } }],
  ])('is refused with %s', async (_, commands) => {
    const file = fileOf(commands)
    await expect(localCommands(file)).rejects.toThrow(file)
  })

  it('is refused when it is not there, or no file', async () => {
    await expect(localCommands(join(folder, 'none.json'))).rejects.toThrow('ENOENT')
    await expect(localCommands(folder)).rejects.toThrow(folder)
  })
})

describe('pawl mcp', () => {
  it('offers the programs beside the tools of the vault, and runs them with its secrets', async () => {
    await using room = await openRoom()
    const { id: vault } = await room.world.owner.vaults.create({ name: 'default' })
    await room.world.owner.secrets.put({ vault_id: vault, path: 'deploy/token', value: token })
    const { key } = await room.world.agent({ vault })
    const env = {
      PATH: process.env.PATH ?? '',
      PAWL_URL: room.url,
      PAWL_AGENT_API_KEY: key,
      PAWL_MCP_VALUES: 'off',
      PAWL_MCP_COMMANDS: fileOf({ deploy: node('console.log("with " + process.env.TOKEN)') }),
    }
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StdioClientTransport({ ...pawlMcp, env, stderr: 'ignore' }))
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['use_secret', 'list_calls', 'run_with_secret']),
    )
    const { answer } = await say(client, 'run_with_secret', { command: 'deploy' })
    expect(answer).toMatchObject({ exit_code: 0, output: 'with [redacted]\n' })
    await client.close()
  })
})
