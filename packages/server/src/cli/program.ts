import { ConfigError } from '../host/index.ts'
import { version } from '../version.ts'
import { auditVerify } from './commands/audit-verify.ts'
import { bundle } from './commands/bundle.ts'
import { config } from './commands/config.ts'
import { serve } from './commands/serve.ts'
import { bold, type Command, columns, exits, type Terminal, UsageError } from './terminal.ts'

/** Every command, by the words that call it. */
const commands: Readonly<Record<string, Command>> = { serve, config, 'audit verify': auditVerify, bundle }

/** Runs a command line; answers the exit status. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    for (const line of problem.split('\n')) terminal.error(`pawl: ${line}`)
    if (error instanceof UsageError) return exits.usage
    return error instanceof ConfigError ? exits.config : exits.failed
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = args
  if (first === '--version' || first === '-v') return say(terminal, version)
  const name = nameIn(args)
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') return overview(terminal)
  const command = commands[name]
  if (!command) throw new UsageError(`there is no command ${first}; pawl --help lists them`)
  const rest = args.slice(name.split(' ').length)
  if (rest.includes('--help') || rest.includes('-h')) return explain(name, command, terminal)
  return command.run(rest, terminal)
}

/** The words of the longest command that the arguments begin with. */
function nameIn(args: readonly string[]): string {
  const names = Object.keys(commands).sort((a, b) => b.length - a.length)
  return names.find((name) => name.split(' ').every((word, at) => args[at] === word)) ?? ''
}

function overview(terminal: Terminal): number {
  terminal.out(
    `${bold('pawl', terminal)} ${version}: a vault engine for AI agents\n\nUsage: pawl <command> [options]\n`,
  )
  const rows = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const)
  for (const line of columns(rows)) terminal.out(line)
  return say(terminal, '\npawl <command> --help says more. Settings are PAWL_… variables; pawl config lists them.')
}

function explain(name: string, { summary, usage, help }: Command, terminal: Terminal): number {
  terminal.out(`${summary}\n\nUsage: pawl ${name} ${usage}`.trimEnd())
  const more = help?.() ?? []
  if (more.length > 0) terminal.out('')
  for (const line of more) terminal.out(line)
  return exits.ok
}

function say(terminal: Terminal, text: string): number {
  terminal.out(text)
  return exits.ok
}
