import { isThisMachine } from '@pawl/core/ports'
import { type Dev, startDev } from '../../host/index.ts'
import { type Flag, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { bold, columns, dim, type Terminal, UsageError } from '../terminal.ts'

const folder = '.pawl-dev'

const flags: readonly Flag[] = [
  { flag: 'port', takes: 'value', about: 'Port to listen on. Default: PAWL_PORT, or 8210.' },
  {
    flag: 'seed',
    takes: 'value',
    about: 'Seed of the password, IDs and keys. The same seed gives the same values. Default: random.',
  },
  { flag: 'persist', takes: 'nothing', about: `Store the vault in ./${folder}. IDs and keys are then random.` },
]

/** `pawl dev` */
export const dev = command({
  flags,
  help: () => ['The vault holds example secrets and an agent. Use it only for testing, never for real secrets.'],
  run: async ({ flags: given }, terminal) => {
    const { PAWL_HOST: host = '127.0.0.1', PAWL_PORT: defaultPort = '8210' } = terminal.env
    const port = Number(last(given, 'port') ?? defaultPort)
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError('--port must be a port from 0 to 65535')
    if (!isThisMachine(host)) {
      throw new UsageError(
        `dev listens only on loopback, but PAWL_HOST is ${host}. Anyone with the seed could open this vault`,
      )
    }
    const isKept = given.has('persist')
    const started = await startDev({ seed: last(given, 'seed'), port, ...(isKept ? { folder } : {}) })
    const asked = terminal.stopped()
    for (const line of shown(started, isKept, terminal)) terminal.out(line)
    await asked
    await started.stop()
    return exits.ok
  },
})

function shown({ url, email, password, env }: Dev, isKept: boolean, terminal: Terminal): string[] {
  const kept = isKept ? `Stored in ./${folder}` : 'Nothing is stored'
  const mcp = {
    mcpServers: { pawl: { type: 'http', url: `${url}/mcp`, headers: { Authorization: `Bearer ${env.PAWL_API_KEY}` } } },
  }
  return [
    bold(`DEV: ${kept}, and anyone with the seed can open it. Do not store real secrets in this vault.`, terminal),
    '',
    ...columns([
      ['API', url],
      ['Owner', email],
      ['Password', password],
    ]),
    '',
    dim('# For the shell of an agent that may read api-keys/ and config/', terminal),
    ...Object.entries(env).map(([name, value]) => `export ${name}=${value}`),
    '',
    dim('# For an MCP client', terminal),
    JSON.stringify(mcp),
    '',
    dim('# Try it', terminal),
    'pawl secret list',
    'pawl secret get api-keys/stripe-key',
    "pawl env run -- sh -c 'echo $GREETING'",
    '',
    'Stop with Ctrl-C.',
  ]
}
