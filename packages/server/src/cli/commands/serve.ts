import { parseArgs } from 'node:util'
import { type Config, type Environment, readConfig, settings, start } from '../../host/index.ts'
import { banner, ownerFacts } from '../banner.ts'
import { exits } from '../exits.ts'
import { type Command, columns, explained, type Terminal, UsageError } from '../terminal.ts'

/** `pawl serve` */
export const serve: Command = {
  usage: '[options]',
  help: () => [
    'Options (each is also an environment variable):',
    ...explained(flags().map(({ flag, summary }) => [`--${flag} <value>`, summary])),
  ],
  run: async (args, terminal) => {
    const config = await withPin(readConfig({ ...terminal.env, ...fromFlags(args) }), terminal)
    const started = await start(config)
    const asked = terminal.stopped()
    for (const line of banner(started, config, terminal)) terminal.out(line)
    if (started.isSealed) void started.ownerOnceOpen.then((owner) => tellOpen(ownerFacts(owner, terminal), terminal))
    await asked
    await started.stop()
    return exits.ok
  },
}

function tellOpen(facts: readonly (readonly [string, string])[], terminal: Terminal): void {
  terminal.out('The vault is open.')
  if (facts.length > 0) for (const line of columns(facts)) terminal.out(line)
}

/** A token whose PIN stands nowhere: whoever starts the server is asked. */
async function withPin(config: Config, { ask }: Terminal): Promise<Config> {
  const { hsm, hsmPin } = config
  if (hsm?.kind !== 'pkcs11' || hsm.hasPin || hsmPin !== null || !ask) return config
  return { ...config, hsmPin: await ask('Token PIN: ') }
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
    const problem = error instanceof Error ? error.message : 'the options are not valid'
    throw new UsageError(`${problem.split('. ')[0]}. Run pawl serve --help.`)
  }
}
