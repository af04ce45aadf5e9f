import type { CommandSpec } from '../../derive/commands.ts'
import type { Terminal } from '../terminal.ts'
import { connectionOf } from './connection.ts'

const waitMs = 2_000

/** The commands of the server, including those of its plugin areas. Empty when the server does not answer. */
export async function commandsThere(args: readonly string[], { env }: Terminal): Promise<CommandSpec[]> {
  const at = args.indexOf('--api-url')
  const { url } = connectionOf(env, at === -1 ? undefined : args[at + 1])
  try {
    const answer = await fetch(`${url}/commands.json`, { redirect: 'error', signal: AbortSignal.timeout(waitMs) })
    const told: unknown = answer.ok ? JSON.parse(await answer.text(), harmless) : []
    return Array.isArray(told) ? told.filter(isCommand) : []
  } catch {
    return []
  }
}

/** Removes control characters, so that no text of a server moves the cursor of a terminal. */
function harmless(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Cc}/gu, '') : value
}

function isCommand(value: CommandSpec | null): boolean {
  const { command, operation, route, summary, fields, positionals } = value ?? ({} as Partial<CommandSpec>)
  const isText = [command, operation, summary].every((one) => typeof one === 'string')
  const isRoute = /^(open )?[A-Z]+ \/[^ ]*( |$)/.test(String(route))
  return isText && isRoute && Array.isArray(fields) && Array.isArray(positionals)
}
