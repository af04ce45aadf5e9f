import { isInterpreted, isOurs, withoutOurs } from '../../derive/child-environment.ts'
import { type Flag, type Given, last } from '../arguments.ts'
import { command } from '../command.ts'
import { startProgram } from '../program-started.ts'
import { type Connection, clientAt, connectionOf } from '../remote/connection.ts'
import { defaultPath, environmentAt, isAtOrBelow, readMany } from '../remote/environment.ts'
import { urlFlag, vaultFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { vaultFor } from '../remote/vault.ts'
import { followChanges, runAgainOnChange } from '../remote/watch.ts'
import { UsageError } from '../terminal.ts'

export const prefixFlag: Flag = {
  flag: 'prefix',
  letter: 'p',
  takes: 'value',
  about: `Use the secrets at this path and below. Default: ${defaultPath}.`,
}

/** `pawl env run` */
export const envRun = command({
  rest: '<program> [arguments]',
  flags: [
    prefixFlag,
    {
      flag: 'map',
      takes: 'value',
      value: 'NAME=path',
      about: 'Set this variable to this secret. Can be repeated. Without --prefix, only these variables are set.',
    },
    {
      flag: 'watch',
      letter: 'w',
      takes: 'nothing',
      about: 'Start the program again when one of its secrets has changed.',
    },
    vaultFlag,
    urlFlag,
  ],
  example: '-- npm start',
  help: () => [
    'Each secret becomes a variable named after the last part of its path: api-keys/stripe-key becomes STRIPE_KEY. A secret',
    'of type env_bundle becomes all its variables. Names that programs interpret, such as NODE_OPTIONS, need --map. Pawl',
    'prints and writes nothing. Exits with the status of the program.',
  ],
  run: async ({ flags: given, positionals, rest }, terminal) => {
    const { env } = terminal
    const [program, ...more] = rest
    if (program === undefined || positionals.length > 0)
      throw new UsageError('env run needs a program after --, such as: pawl env run -- npm start')
    const wanted = wantedOf(given)
    const place = connectionOf(env, last(given, 'api-url'))
    const vaultId = await sayingWhatToDo(place, asTheyAre, () => vaultFor(place, env, last(given, 'vault')))
    const read = async () => {
      const variables = await sayingWhatToDo(place, asTheyAre, () => variablesOf(place, vaultId, wanted))
      return { ...withoutOurs(env), ...Object.fromEntries(variables) }
    }
    const start = (variables: NodeJS.ProcessEnv) => startProgram(program, more, variables)
    if (!given.has('watch')) return start(await read()).ended
    const concerns = (path: string) =>
      (wanted.prefix !== null && isAtOrBelow(path, wanted.prefix)) || wanted.pairs.some(([, one]) => one === path)
    const changes = await sayingWhatToDo(place, asTheyAre, () => followChanges(place, vaultId, concerns))
    return runAgainOnChange({ read, start, changes }, terminal)
  },
})

/** The secrets that the program gets: those at a prefix, and those that the caller names. */
interface Wanted {
  readonly prefix: string | null
  readonly pairs: readonly (readonly [name: string, path: string])[]
}

function wantedOf(given: Given['flags']): Wanted {
  const pairs = (given.get('map') ?? []).map((text): readonly [string, string] => {
    const [, name = '', path = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.+)$/.exec(text) ?? []
    if (name === '') throw new UsageError('--map needs NAME=path, such as --map NODE_OPTIONS=build/node-options')
    return [name, path]
  })
  return { prefix: last(given, 'prefix') ?? (pairs.length > 0 ? null : defaultPath), pairs }
}

async function variablesOf(place: Connection, vaultId: string, { prefix, pairs }: Wanted) {
  const found = prefix === null ? new Map<string, string>() : await environmentAt(place, vaultId, prefix)
  for (const name of found.keys()) refuseInterpreted(name)
  const variables = new Map([...found, ...(await mapped(place, vaultId, pairs))])
  for (const [name, value] of variables) refuseUnfit(name, value)
  return variables
}

/** The variables that the caller asks for by name, with the secrets they are. */
async function mapped(place: Connection, vaultId: string, pairs: Wanted['pairs']) {
  const values = new Map<string, string>()
  const paths = new Set(pairs.map(([, path]) => path))
  for await (const { path, value } of readMany(clientAt(place).secrets, vaultId, paths))
    values.set(path, value.reveal())
  return pairs.map(([name, path]) => [name, values.get(path) ?? ''] as const)
}

function refuseInterpreted(name: string): void {
  if (!isInterpreted(name)) return
  throw new UsageError(`programs interpret ${name}, so a path must not choose it. Use --map ${name}=<path>`)
}

function refuseUnfit(name: string, value: string): void {
  if (isOurs(name)) throw new UsageError(`a program that Pawl starts gets no variable with the name ${name}`)
  if (value.includes('\0'))
    throw new UsageError(`the value of ${name} has a NUL byte, which an environment cannot hold`)
}
