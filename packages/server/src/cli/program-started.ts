import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { exits } from './exits.ts'
import { UsageError } from './terminal.ts'

/** A child program that shares the terminal and gets our signals. */
export interface ProgramStarted {
  /** Its exit status. As in a shell, a program that a signal ended has 128 plus the number of the signal. */
  readonly ended: Promise<number>
  /** Asks it to end. */
  stop(): void
}

export function startProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ProgramStarted {
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  // First, because the process that started us may see the program run, and end it, before we learn that it runs.
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
  // If this user may not read a folder in PATH, a program that does not exist gives EACCES instead of ENOENT. A folder with
  // the name of the program does the same.
  const isMissing = code === 'ENOENT' || (code === 'EACCES' && !program.includes('/') && !isInOneOf(PATH, program))
  return new UsageError(`${program} cannot be run: ${isMissing ? 'the program was not found' : code}`)
}

function isInOneOf(folders: string, name: string): boolean {
  return folders
    .split(delimiter)
    .some((folder) => existsSync(join(folder, name)) && statSync(join(folder, name)).isFile())
}
