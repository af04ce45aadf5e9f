import type { CommandSpec } from '../../derive/commands.ts'
import type { Flag } from '../arguments.ts'
import { type Command, command, type Entry } from '../command.ts'
import { exits } from '../exits.ts'
import { ownCommands } from '../manifest.ts'
import { commandsThere } from '../remote/commands-there.ts'
import { type Completion, scripts } from '../remote/completions.ts'
import { flagsOf } from '../remote/form.ts'
import { UsageError } from '../terminal.ts'

/** `pawl completion`, for these commands and those of the operations. */
export const completionOf = (own: Readonly<Record<string, Entry>>): Command =>
  command({
    positionals: ['bash|zsh|fish'],
    example: 'bash',
    help: () => [
      'bash   source <(pawl completion bash)                          in ~/.bashrc',
      'zsh    source <(pawl completion zsh)                           in ~/.zshrc, after compinit',
      'fish   pawl completion fish > ~/.config/fish/completions/pawl.fish',
      '',
      'When a server is reachable, completions include the commands of its additional areas.',
    ],
    run: async ({ positionals: [shell = ''] }, terminal) => {
      const script = scripts[shell]
      if (!script) throw new UsageError(`completion takes one argument: ${Object.keys(scripts).join(', ')}`)
      const there = await commandsThere([], terminal)
      terminal.out(script(await completionsOf([...ownCommands(), ...there], own)))
      return exits.ok
    },
  })

async function completionsOf(
  specs: readonly CommandSpec[],
  own: Readonly<Record<string, Entry>>,
): Promise<Completion[]> {
  const derived = new Map(specs.map((spec) => [spec.command, spec]))
  const ours = Object.entries(own).map(async ([command, { summary, load }]) => {
    return { command, summary, flags: flagNames((await load()).flags) }
  })
  return [
    ...[...derived.values()].map((spec) => ({
      command: spec.command,
      summary: spec.summary,
      flags: flagNames(flagsOf(spec)),
    })),
    ...(await Promise.all(ours)),
  ]
}

function flagNames(flags: readonly Flag[]): string[] {
  return [...flags.map(({ flag }) => `--${flag}`), '--help']
}
