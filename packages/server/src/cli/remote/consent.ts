import type { CommandSpec } from '../../commands.ts'
import { type Terminal, UsageError } from '../terminal.ts'

/** Whether somebody may be sorry afterwards. Taking back what was granted is never asked about. */
export function isDestructive({ words }: CommandSpec): boolean {
  return /\b(delete|remove)\b/.test(words)
}

/** Asks at a terminal; where nobody can be asked, it has to be said before. */
export async function sureOf(
  words: string,
  typed: ReadonlyMap<string, readonly string[]>,
  isSaid: boolean,
  { askOpenly }: Terminal,
): Promise<void> {
  if (isSaid) return
  if (!askOpenly) throw new UsageError(`${words} needs --yes where nobody can be asked`)
  const about = [...typed.values()].flat().join(', ')
  const answer = await askOpenly(`pawl ${words} ${about}: are you sure? (yes/no) `)
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('nothing was done')
}
