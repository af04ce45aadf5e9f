import type { CommandSpec } from '../../derive/commands.ts'
import { exits } from '../exits.ts'
import { ownCommands } from '../manifest.ts'
import { commandsThere } from '../remote/commands-there.ts'
import { type Completion, scripts } from '../remote/completions.ts'
import { flagsOf } from '../remote/form.ts'
import { type Command, type Entry, UsageError } from '../terminal.ts'

/** `pawl completion`, for these commands and those of the operations. */
export const completionOf = (own: Readonly<Record<string, Entry>>): Command => ({
  usage: 'bash|zsh|fish',
  help: () => [
    'bash   source <(pawl completion bash)                          in ~/.bashrc',
    'zsh    source <(pawl completion zsh)                           in ~/.zshrc, after compinit',
    'fish   pawl completion fish > ~/.config/fish/completions/pawl.fish',
    '',
    'When a server is reachable, completions include the commands of its additional areas.',
  ],
  run: async (args, terminal) => {
    const [shell = '', ...more] = args
    const script = scripts[shell]
    if (!script || more.length > 0)
      throw new UsageError(`completion takes one argument: ${Object.keys(scripts).join(', ')}`)
    const there = await commandsThere([], terminal)
    terminal.out(script(completionsOf([...ownCommands(), ...there], own)))
    return exits.ok
  },
})

function completionsOf(specs: readonly CommandSpec[], own: Readonly<Record<string, Entry>>): Completion[] {
  const derived = new Map(specs.map((spec) => [spec.command, spec]))
  return [
    ...[...derived.values()].map((spec) => ({
      command: spec.command,
      summary: spec.summary,
      flags: flagsOf(spec).map(({ flag }) => `--${flag}`),
    })),
    ...Object.entries(own).map(([command, { summary }]) => ({ command, summary, flags: ['--help'] })),
  ]
}
