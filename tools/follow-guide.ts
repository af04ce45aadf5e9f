import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

/** Not the default port, where the developer may already run a server. */
const port = 8213

/** The state of a reader who follows a guide: a folder, an environment, and the values that the guide showed. */
interface Reader {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** What stands for a `<word>` of the guide. */
  readonly noted: Map<string, string>
  readonly left: ChildProcess[]
  /** What the last block printed. */
  printed: string
}

/**
 * Does what docs/getting-started.md says, block by block: saves the programs, runs the lines for a shell, compares what they
 * print, and connects an MCP client as it is configured there.
 */
export async function followGuide(
  guide: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  afterInstall: (folder: string) => Promise<void>,
): Promise<void> {
  const home = { HOME: folder, PAWL_CONFIG_DIR: join(folder, 'config'), npm_config_yes: 'true' }
  const url = { PAWL_URL: `http://127.0.0.1:${port}` }
  const reader: Reader = { folder, env: { ...env, ...home, ...url }, noted: new Map(), left: [], printed: '' }
  try {
    for (const [, kind = '', name = '', text = ''] of guide.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)) {
      if (kind === 'ts') await writeFile(join(folder, name), text)
      else if (kind === 'text') expectPrinted(reader, text)
      else if (kind === 'json') await connect(reader, JSON.parse(filledIn(reader, text)))
      else for (const line of text.trim().split('\n')) await follow(reader, line, afterInstall)
    }
  } finally {
    for (const { pid } of reader.left) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  }
}

async function follow(reader: Reader, line: string, afterInstall: (folder: string) => Promise<void>): Promise<void> {
  if (line === 'npx pawl dev') return leaveRunning(reader, line)
  reader.printed = await runLine(reader, filledIn(reader, line), answerTo(reader, line))
  if (line.startsWith('npm install')) await afterInstall(reader.folder)
  const key = /ocv_[\w-]+/.exec(reader.printed)
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(reader.printed)
  if (key) reader.noted.set('its key', key[0]).set('its id', id?.[0] ?? '')
}

function filledIn({ noted }: Reader, text: string): string {
  return text.replace(/<([a-z ]+)>/g, (whole, word: string) => noted.get(word) ?? whole)
}

/** What the reader types when a command asks. */
function answerTo({ noted }: Reader, line: string): string {
  if (line.includes('pawl login')) return `${noted.get('password')}\n`
  return line.includes('secret set') ? 'hunter2' : ''
}

async function runLine({ folder, env }: Reader, line: string, typed: string): Promise<string> {
  const child = spawn('bash', ['-ec', line], { cwd: folder, env })
  let printed = ''
  let said = ''
  child.stdout.on('data', (chunk) => (printed += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  child.stdin.end(typed)
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${line}\nended with ${status}:\n${printed}${said}`)
  return printed
}

/** The other terminal. With a group of its own, since what npx starts would outlive it. */
async function leaveRunning(reader: Reader, line: string): Promise<void> {
  const options = { cwd: reader.folder, env: reader.env, detached: true }
  const child = spawn('bash', ['-ec', `${line} --port ${port}`], options)
  reader.left.push(child)
  let said = ''
  await new Promise<void>((done, failed) => {
    const take = (chunk: Buffer) => {
      said += chunk
      if (said.includes('Stop with Ctrl-C.')) done()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('close', () => failed(new Error(`${line} ended:\n${said}`)))
  })
  reader.noted.set('password', /Password +(\S+)/.exec(said)?.[1] ?? '')
}

function expectPrinted({ printed }: Reader, wanted: string): void {
  if (printed !== wanted) throw new Error(`printed\n${printed}and not\n${wanted}`)
}

interface Configuration {
  readonly mcpServers: Readonly<Record<string, { command: string; args: string[]; env: Record<string, string> }>>
}

async function connect({ folder, env }: Reader, { mcpServers }: Configuration): Promise<void> {
  for (const { command, args, env: own } of Object.values(mcpServers)) {
    const known = Object.fromEntries(Object.entries({ ...env, ...own }).map(([name, value]) => [name, value ?? '']))
    const client = new Client({ name: 'guide', version: '1.0.0' })
    await client.connect(new StdioClientTransport({ command, args, cwd: folder, env: known, stderr: 'pipe' }))
    const { tools } = await client.listTools()
    await client.close()
    if (!tools.some(({ name }) => name === 'list_secrets')) throw new Error('the MCP client finds no tools')
  }
}
