import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { isInterpreted, isOurs, withoutOurs } from '../../derive/child-environment.ts'
import { type Flag, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { type Connection, clientAt, connectionOf } from '../remote/connection.ts'
import { defaultPath, environmentAt } from '../remote/environment.ts'
import { urlFlag, vaultFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { vaultFor } from '../remote/vault.ts'
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
    vaultFlag,
    urlFlag,
  ],
  example: '-- npm start',
  help: () => [
    'Each secret becomes a variable named after the last part of its path: api-keys/stripe-key becomes STRIPE_KEY. A secret',
    'of type env_bundle becomes all its variables. Names that programs interpret, such as NODE_OPTIONS, need --map. Pawl',
    'prints and writes nothing. Exits with the status of the program.',
  ],
  run: async ({ flags: given, positionals, rest }, { env }) => {
    const [program, ...more] = rest
    if (program === undefined || positionals.length > 0)
      throw new UsageError('env run needs a program after --, such as: pawl env run -- npm start')
    const place = connectionOf(env, last(given, 'api-url'))
    const variables = await sayingWhatToDo(place, asTheyAre, async () => {
      const vaultId = await vaultFor(place, env, last(given, 'vault'))
      const maps = (given.get('map') ?? []).map(String)
      const prefix = last(given, 'prefix') ?? (maps.length > 0 ? null : defaultPath)
      const found = prefix === null ? new Map<string, string>() : await environmentAt(place, vaultId, prefix)
      for (const name of found.keys()) refuseInterpreted(name)
      return new Map([...found, ...(await mapped(place, vaultId, maps))])
    })
    for (const [name, value] of variables) refuseUnfit(name, value)
    return run(program, more, { ...withoutOurs(env), ...Object.fromEntries(variables) })
  },
})

/** The variables that the caller asks for by name, with the secrets they are. */
async function mapped(place: Connection, vaultId: string, given: readonly string[]) {
  const pairs = given.map((text): readonly [string, string] => {
    const [, name = '', path = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.+)$/.exec(text) ?? []
    if (name === '') throw new UsageError('--map needs NAME=path, such as --map NODE_OPTIONS=build/node-options')
    return [name, path]
  })
  const { secrets } = clientAt(place)
  const read = ([name, path]: readonly [string, string]) =>
    secrets.get({ vault_id: vaultId, path }).then(({ value }) => [name, value.reveal()] as const)
  return Promise.all(pairs.map(read))
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

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  // First, because who starts us may see the program run, and end it, before we are told that it does.
  for (const signal of signals) process.on(signal, passOn)
  const child = spawn(program, args, { env, stdio: 'inherit' })
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(notRun(program, error, env)))
    // As a shell has it: a program that a signal ended has 128 and the number of the signal.
    child.once('exit', (status, signal) => resolve(status ?? 128 + (signal ? constants.signals[signal] : exits.failed)))
  }).finally(() => {
    for (const signal of signals) process.off(signal, passOn)
  })
}

function notRun(program: string, { code }: NodeJS.ErrnoException, { PATH = '' }: NodeJS.ProcessEnv): Error {
  // A folder in PATH that this user may not read turns every program that is nowhere into EACCES, and so does a folder
  // of the program's name.
  const isMissing = code === 'ENOENT' || (code === 'EACCES' && !program.includes('/') && !isInOneOf(PATH, program))
  return new UsageError(`${program} cannot be run: ${isMissing ? 'the program was not found' : code}`)
}

function isInOneOf(folders: string, name: string): boolean {
  return folders
    .split(delimiter)
    .some((folder) => existsSync(join(folder, name)) && statSync(join(folder, name)).isFile())
}
