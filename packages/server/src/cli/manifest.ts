import { readFileSync } from 'node:fs'
import type { CommandSpec } from '../derive/commands.ts'
import type { Entry } from './command.ts'

/** The commands of our own operations, from a file: the registry takes longer to load than most commands to run. */
export function ownCommands(): CommandSpec[] {
  return JSON.parse(readFileSync(new URL('../../commands.json', import.meta.url), 'utf8'))
}

export function entriesOf(specs: readonly CommandSpec[]): Record<string, Entry> {
  const entries = specs.map((spec) => {
    const load = async () => (await import('./remote/derived.ts')).derived(spec)
    return [spec.command, { summary: spec.summary, areaSummary: spec.areaSummary, load }] as const
  })
  return Object.fromEntries(entries)
}
