import type { CommandSpec } from '../../derive/commands.ts'
import { type Terminal, UsageError } from '../terminal.ts'

/** Whether the command destroys data, so that it needs a confirmation. A revocation never needs one. */
export function isDestructive({ command }: CommandSpec): boolean {
  return /\b(delete|remove)\b/.test(command)
}

/** Asks for a confirmation at a terminal. Without a terminal, the command needs `--yes`. */
export async function sureOf(
  command: string,
  typed: ReadonlyMap<string, readonly string[]>,
  isSaid: boolean,
  { askOpenly }: Terminal,
): Promise<void> {
  if (isSaid) return
  if (!askOpenly) throw new UsageError(`${command} needs --yes when it has no terminal`)
  const about = [...typed.values()].flat().join(', ')
  const answer = await askOpenly(`pawl ${command} ${about}: are you sure? (yes/no) `)
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('nothing was done')
}
