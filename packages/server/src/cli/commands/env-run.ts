import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Flag, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { connectionOf } from '../remote/connection.ts'
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
  flags: [prefixFlag, vaultFlag, urlFlag],
  help: () => [
    'Each secret becomes a variable named after the last part of its path: api-keys/stripe-key becomes STRIPE_KEY. A secret',
    'of type env_bundle becomes all its variables. Pawl prints and writes nothing. Exits with the status of the program.',
  ],
  run: async ({ flags: given, positionals, rest }, { env }) => {
    const [program, ...more] = rest
    if (program === undefined || positionals.length > 0)
      throw new UsageError('env run needs a program after --, such as: pawl env run -- npm start')
    const place = connectionOf(env, last(given, 'api-url'))
    const variables = await sayingWhatToDo(place, asTheyAre, async () => {
      const vaultId = await vaultFor(place, env, last(given, 'vault'))
      return environmentAt(place, vaultId, last(given, 'prefix') ?? defaultPath)
    })
    for (const [name, value] of variables) refuseUnfit(name, value)
    return run(program, more, { ...env, ...Object.fromEntries(variables) })
  },
})

/** What decides which code a program runs is for whoever runs it, and not for whoever may write a secret. */
const loaders =
  /^(PATH|IFS|ENV|BASH_ENV|SHELLOPTS|NODE_OPTIONS|PYTHONPATH|PYTHONSTARTUP|PERL5LIB|PERL5OPT|RUBYOPT|JAVA_TOOL_OPTIONS|(LD|DYLD)_.*)$/

function refuseUnfit(name: string, value: string): void {
  if (loaders.test(name))
    throw new UsageError(`a secret must not set ${name}, because this variable decides which code programs run`)
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
