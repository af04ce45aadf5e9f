import { parseArgs } from 'node:util'
import { type Environment, readConfig, settings, start } from '../../host/index.ts'
import { banner } from '../banner.ts'
import { type Command, columns, exits, UsageError } from '../terminal.ts'

/** `pawl serve` */
export const serve: Command = {
  summary: 'Open the vault and serve it over HTTP.',
  usage: '[options]',
  help: () => [
    'Options, each also an environment variable:',
    ...columns(flags().map(({ flag, summary }) => [`--${flag} <value>`, summary])),
  ],
  run: async (args, terminal) => {
    const config = readConfig({ ...terminal.env, ...fromFlags(args) })
    const started = await start(config)
    const asked = terminal.stopped()
    for (const line of banner(started, config, terminal)) terminal.out(line)
    await asked
    await started.stop()
    return exits.ok
  },
}

/** Every setting but the secrets, which a list of processes would show to everybody. */
function flags() {
  return Object.values(settings)
    .filter(({ secret }) => !secret)
    .map(({ name, summary }) => ({
      flag: name.slice('PAWL_'.length).toLowerCase().replaceAll('_', '-'),
      name,
      summary,
    }))
}

function fromFlags(args: readonly string[]): Environment {
  const options = Object.fromEntries(flags().map(({ flag }) => [flag, { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true })
    return Object.fromEntries(
      flags().flatMap(({ flag, name }) => (values[flag] === undefined ? [] : [[name, values[flag]]])),
    )
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the options make no sense'
    throw new UsageError(`${problem.split('. ')[0]}; pawl serve --help lists the options`)
  }
}
