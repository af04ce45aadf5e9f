import { readFileSync } from 'node:fs'
import type { CommandSpec } from '../derive/commands.ts'

/** The commands of our own operations, from a file: the registry takes longer to load than most commands to run. */
export function ownCommands(): CommandSpec[] {
  return JSON.parse(readFileSync(new URL('../../commands.json', import.meta.url), 'utf8'))
}
