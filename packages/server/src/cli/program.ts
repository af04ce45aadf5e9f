import { ConfigError } from '../host/index.ts'
import { version } from '../version.ts'
import { auditVerify } from './commands/audit-verify.ts'
import { backup } from './commands/backup.ts'
import { bundle } from './commands/bundle.ts'
import { config } from './commands/config.ts'
import { doctor } from './commands/doctor.ts'
import { hsmInit } from './commands/hsm-init.ts'
import { hsmStatus } from './commands/hsm-status.ts'
import { hsmTest } from './commands/hsm-test.ts'
import { keysMove } from './commands/keys-move.ts'
import { keysRotate } from './commands/keys-rotate.ts'
import { migrate } from './commands/migrate.ts'
import { restore } from './commands/restore.ts'
import { rootJoin } from './commands/root-join.ts'
import { rootRotate } from './commands/root-rotate.ts'
import { rootSplit } from './commands/root-split.ts'
import { rootWrap } from './commands/root-wrap.ts'
import { seal } from './commands/seal.ts'
import { serve } from './commands/serve.ts'
import { unseal } from './commands/unseal.ts'
import { bold, type Command, columns, exits, type Terminal, UsageError } from './terminal.ts'

/** Every command, by the words that call it. */
const commands: Readonly<Record<string, Command>> = {
  serve,
  config,
  backup,
  restore,
  migrate,
  seal,
  unseal,
  'root split': rootSplit,
  'root join': rootJoin,
  'root wrap': rootWrap,
  'root rotate': rootRotate,
  doctor,
  'audit verify': auditVerify,
  'keys move': keysMove,
  'keys rotate': keysRotate,
  'hsm init': hsmInit,
  'hsm status': hsmStatus,
  'hsm test': hsmTest,
  bundle,
}

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
