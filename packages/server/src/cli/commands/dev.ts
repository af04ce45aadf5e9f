import { type Dev, startDev } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { type Flag, last, readArguments } from '../remote/arguments.ts'
import { optionsHelp } from '../remote/flags.ts'
import { bold, type Command, columns, dim, type Terminal, UsageError } from '../terminal.ts'

const folder = '.pawl-dev'

const flags: readonly Flag[] = [
  { flag: 'port', takes: 'value', about: 'Port to listen on; the one in PAWL_PORT, or 8210, unless told.' },
  { flag: 'seed', takes: 'value', about: 'The same seed gives the same password, ids and keys; pawl unless told.' },
  { flag: 'persist', takes: 'nothing', about: `Keep everything in ./${folder}. Ids and keys are random then.` },
]

/** `pawl dev` */
export const dev: Command = {
  usage: '[options]',
  help: () => [
    'With one vault, some secrets and an agent in it. For trying things: never for a secret of yours.',
    '',
    ...optionsHelp(flags),
  ],
  run: async (args, terminal) => {
    const { flags: given, positionals } = readArguments('dev', args, flags)
    const { PAWL_HOST: host = '127.0.0.1', PAWL_PORT: defaultPort = '8210' } = terminal.env
    const port = Number(last(given, 'port') ?? defaultPort)
    if (positionals.length > 0) throw new UsageError('dev takes nothing by place; pawl dev --help lists the options')
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError('--port must be a port from 0 to 65535')
    if (!/^(127(\.\d+){3}|localhost|::1)$/.test(host)) {
      throw new UsageError(`dev listens on loopback only, and PAWL_HOST is ${host}: everybody could open this vault`)
    }
    const isKept = given.has('persist')
    const started = await startDev({ seed: last(given, 'seed') ?? 'pawl', port, ...(isKept ? { folder } : {}) })
    const asked = terminal.stopped()
    for (const line of shown(started, isKept, terminal)) terminal.out(line)
    await asked
    await started.stop()
    return exits.ok
  },
}

function shown({ url, email, password, env }: Dev, isKept: boolean, terminal: Terminal): string[] {
  const kept = isKept ? `Kept in ./${folder}` : 'Nothing is kept'
  const mcp = {
    mcpServers: { pawl: { type: 'http', url: `${url}/mcp`, headers: { Authorization: `Bearer ${env.PAWL_API_KEY}` } } },
  }
  return [
    bold(`DEV: ${kept}, and anybody who knows the seed can open it. Put no secret of yours in here.`, terminal),
    '',
    ...columns([
      ['API', url],
      ['Owner', email],
      ['Password', password],
    ]),
    '',
    dim('# For the shell of an agent, which may read api-keys/ and config/', terminal),
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
