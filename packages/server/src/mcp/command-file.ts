import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** A program of this machine that a human lets the model run, with secrets in its environment. */
export interface LocalCommand {
  /** The program and its first arguments. No shell reads them. */
  readonly command: readonly string[]
  /** Variables, and the paths of the secrets that they hold. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string | undefined
  /** Whether the model may add arguments. */
  readonly args: boolean
  readonly timeout_ms: number
}

export type LocalCommands = Readonly<Record<string, LocalCommand>>

/** The message names the file and the problem. */
export class CommandFileError extends Error {
  override readonly name = 'CommandFileError'
}

const bytesMax = 256 * 1024
const defaultTimeoutMs = 120_000
const timeoutMsMax = 3_600_000

/**
 * Reads which commands a model may run. A user who can write the file can run any program here. So its owner must be the
 * user of this process, or root, and no other user may have write access.
 *
 * @example
 * // { "deploy": { "command": ["./deploy.sh"], "env": { "TOKEN": "deploy/token" } } }
 * const commands = await readCommands('/home/me/pawl-commands.json')
 */
export async function readCommands(file: string): Promise<LocalCommands> {
  const problem = (text: string) => new CommandFileError(`${file}: ${text}`)
  // Non-blocking, because opening a pipe in place of the file would wait for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw problem(`cannot be read (${error.code}).`)
  })
  try {
    await checkOwner(handle, problem)
    return commandsIn(parse(await handle.readFile('utf8'), problem), problem)
  } finally {
    await handle.close()
  }
}

type Problem = (text: string) => CommandFileError

async function checkOwner(handle: FileHandle, problem: Problem): Promise<void> {
  const stat = await handle.stat()
  if (!stat.isFile() || stat.size > bytesMax) throw problem(`must be a file of at most ${bytesMax} bytes.`)
  const me = process.getuid?.()
  // Windows has neither user IDs nor mode bits.
  if (me === undefined) return
  if (stat.uid !== me && stat.uid !== 0)
    throw problem('must belong to you, because its owner decides which programs run.')
  if ((stat.mode & 0o022) !== 0)
    throw problem(
      'can be written by other users, who could then decide which programs run. Run: chmod go-w on the file.',
    )
}

function parse(text: string, problem: Problem): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw problem('is not valid JSON.')
  }
}

function commandsIn(given: unknown, problem: Problem): LocalCommands {
  if (!isObject(given)) throw problem('must be an object of commands.')
  return Object.fromEntries(
    Object.entries(given).map(([name, one]) => {
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name))
        throw problem('the name must have only letters, digits, "-" and "_".')
      return [name, commandIn(one, (text) => problem(`${name}: ${text}`))]
    }),
  )
}

function commandIn(given: unknown, problem: Problem): LocalCommand {
  if (!isObject(given)) throw problem('must be an object with the fields command, env, cwd, args and timeout_ms.')
  const { command, env = {}, cwd, args = false, timeout_ms = defaultTimeoutMs, ...others } = given
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw problem(`has the unknown field ${unknown}. Known fields: command, env, cwd, args, timeout_ms.`)
  if (!isTexts(command) || command.length === 0 || command[0] === '')
    throw problem('command must be a list of strings.')
  if (!isObject(env) || !isTexts(Object.values(env))) throw problem('env must map variables to paths of secrets.')
  if (!Object.keys(env).every((variable) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))) {
    throw problem('env must have valid variable names.')
  }
  if (cwd !== undefined && typeof cwd !== 'string') throw problem('cwd must be a string.')
  if (typeof args !== 'boolean') throw problem('args must be true or false.')
  if (!Number.isInteger(timeout_ms) || Number(timeout_ms) < 1 || Number(timeout_ms) > timeoutMsMax) {
    throw problem(`timeout_ms must be a whole number from 1 to ${timeoutMsMax}.`)
  }
  return { command, env: env as Record<string, string>, cwd, args, timeout_ms: Number(timeout_ms) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && !one.includes('\0'))
}
