import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { exits } from './exits.ts'
import { UsageError } from './terminal.ts'

/** A program that runs at the terminal of this one, and gets its signals. */
export interface ProgramStarted {
  /** Its exit status. As a shell has it: a program that a signal ended has 128 and the number of the signal. */
  readonly ended: Promise<number>
  /** Asks it to end. */
  stop(): void
}

export function startProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ProgramStarted {
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  // First, because who starts us may see the program run, and end it, before we are told that it does.
  for (const signal of signals) process.on(signal, passOn)
  const child = spawn(program, args, { env, stdio: 'inherit' })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(notRun(program, error, env)))
    child.once('exit', (status, signal) => resolve(status ?? 128 + (signal ? constants.signals[signal] : exits.failed)))
  }).finally(() => {
    for (const signal of signals) process.off(signal, passOn)
  })
  return { ended, stop: () => void child.kill('SIGTERM') }
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
