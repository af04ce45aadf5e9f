import { type Config, type Environment, readConfig, settings, start } from '../../host/index.ts'
import { type Given, last } from '../arguments.ts'
import { banner, ownerFacts } from '../banner.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { columns, type Terminal } from '../terminal.ts'

/** Every setting by its flag. Secrets have no flag, because every user of the machine can see the list of processes. */
const settingFlags = Object.values(settings)
  .filter(({ secret }) => !secret)
  .map(({ name, summary }) => ({ flag: name.slice('PAWL_'.length).toLowerCase().replaceAll('_', '-'), name, summary }))

/** `pawl serve` */
export const serve = command({
  flags: settingFlags.map(({ flag, summary }) => ({ flag, takes: 'value', about: summary })),
  example: '--port 8211',
  help: () => ['Each option is also an environment variable: --data-dir is PAWL_DATA_DIR.'],
  run: async ({ flags }, terminal) => {
    const config = await withPin(readConfig({ ...terminal.env, ...fromFlags(flags) }), terminal)
    const started = await start(config)
    const asked = terminal.stopped()
    for (const line of banner(started, config, terminal)) terminal.out(line)
    if (started.isSealed) void started.ownerOnceOpen.then((owner) => tellOpen(ownerFacts(owner, terminal), terminal))
    await asked
    await started.stop()
    return exits.ok
  },
})

function tellOpen(facts: readonly (readonly [string, string])[], terminal: Terminal): void {
  terminal.out('The vault is open.')
  if (facts.length > 0) for (const line of columns(facts)) terminal.out(line)
}

/** Asks the operator for the PIN of the token when no setting has it. */
async function withPin(config: Config, { ask }: Terminal): Promise<Config> {
  const { hsm, hsmPin } = config
  if (hsm?.kind !== 'pkcs11' || hsm.hasPin || hsmPin !== null || !ask) return config
  return { ...config, hsmPin: await ask('Token PIN: ') }
}

function fromFlags(given: Given['flags']): Environment {
  return Object.fromEntries(
    settingFlags.flatMap(({ flag, name }) => (given.has(flag) ? [[name, last(given, flag)]] : [])),
  )
}
