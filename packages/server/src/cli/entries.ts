import type { CommandSpec } from '../derive/commands.ts'
import type { Entry } from './command.ts'

/** Operations as commands. */
export function entriesOf(specs: readonly CommandSpec[]): Record<string, Entry> {
  const entries = specs.map((spec) => {
    const load = async () => (await import('./remote/derived.ts')).derived(spec)
    return [spec.command, { summary: spec.summary, areaSummary: spec.areaSummary, load }] as const
  })
  return Object.fromEntries(entries)
}
