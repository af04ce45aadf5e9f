import { type ChildProcess, spawn } from 'node:child_process'
import { PawlError, type Secret } from '@pawl/core/client'
import { isScrubbable, scrubber, searchableText } from '@pawl/core/scrubber'
import { withoutOurs } from '../derive/child-environment.ts'
import { type LocalCommand, readCommands } from './command-file.ts'

export { CommandFileError } from './command-file.ts'

// Runs programs of this machine with secrets in their environment. The model never sees the secrets: it gets the output of
// the programs without the values.

/** Reads a secret by its path. */
export type ReadSecret = (path: string) => Promise<Secret<string>>

/** The result of a tool, in the format of MCP. */
export interface CommandResult {
  readonly content: readonly [{ readonly type: 'text'; readonly text: string }]
  readonly structuredContent?: Readonly<Record<string, unknown>>
  readonly isError?: true
}

export interface LocalTools {
  readonly tools: readonly { readonly name: string; readonly [field: string]: unknown }[]
  call(args: unknown, read: ReadSecret): Promise<CommandResult>
}

export const runTool = 'run_with_secret'

/**
 * The tool that runs the commands of a file.
 *
 * @example
 * const { tools, call } = await localCommands('/home/me/pawl-commands.json')
 * await call({ command: 'deploy' }, (path) => readFromVault(path))
 */
export async function localCommands(file: string): Promise<LocalTools> {
  const commands = await readCommands(file)
  const names = Object.keys(commands)
  return {
    tools: [
      {
        name: runTool,
        description:
          'Run a program on this machine with credentials that you never see. Returns its output with credentials redacted. ' +
          `Programs: ${names.map((name) => (commands[name]?.args ? `${name} (takes args)` : name)).join(', ') || 'none'}.`,
        inputSchema: {
          type: 'object',
          properties: {
            command: { type: 'string', enum: names, description: 'Program to run.' },
            args: {
              type: 'array',
              items: { type: 'string' },
              description: 'Additional arguments, if the program takes any.',
            },
          },
          required: ['command'],
          additionalProperties: false,
        },
        annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
      },
    ],
    call: async (given, read) => {
      const { command: name, args = [] } = (given ?? {}) as { command?: unknown; args?: unknown }
      if (typeof name !== 'string' || !Object.hasOwn(commands, name))
        return failure(`command must be one of ${names.join(', ')}.`)
      if (!Array.isArray(args) || !args.every((one) => typeof one === 'string' && !one.includes('\0'))) {
        return failure('args must be a list of strings.')
      }
      const command = commands[name] as LocalCommand
      if (args.length > 0 && !command.args) return failure(`${name} takes no additional arguments.`)
      return runCommand(command, args, read)
    },
  }
}

const shownCharactersMax = 64 * 1024
const printedBytesMax = 8 * 1024 * 1024

/** Runs a program to its end, and shows the last part of its output. */
async function runCommand(
  { command, env, cwd, timeout_ms }: LocalCommand,
  args: readonly string[],
  read: ReadSecret,
): Promise<CommandResult> {
  const values = new Map<string, Secret<string>>()
  for (const [variable, path] of Object.entries(env)) {
    try {
      values.set(variable, await read(path))
    } catch (error) {
      return failure(`${variable} cannot be read. ${error instanceof PawlError ? error.message : ''}`.trim())
    }
  }
  for (const [variable, value] of values) {
    if (!isScrubbable(value)) return failure(`The value of ${variable} is too short to be redacted from the output.`)
    if (value.reveal().includes('\0'))
      return failure(`The value of ${variable} has a NUL byte, which a variable cannot hold.`)
  }
  const [program = '', ...first] = command
  const secrets = [...values].map(([variable, value]) => [variable, value.reveal()])
  const child = spawn(program, [...first, ...args], {
    cwd,
    // Without the credential of the agent, which the program must not get.
    env: { ...withoutOurs(process.env), ...Object.fromEntries(secrets) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A separate process group, so that its child processes end with it.
    detached: process.platform !== 'win32',
  })
  return shown(await endOf(child, timeout_ms), [...values.values()])
}

/** The end of a program. */
interface Ended {
  readonly exitCode: number | null
  readonly printed: readonly [Buffer, Buffer]
  /** The reason why the program was stopped early, or did not start. */
  readonly problem: string | null
}

async function endOf(child: ChildProcess, timeoutMs: number): Promise<Ended> {
  const printed: [Buffer[], Buffer[]] = [[], []]
  let bytes = 0
  let problem: string | null = null
  const end = (why: string) => {
    problem ??= why
    try {
      if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
    } catch {
      // The process has already ended.
    }
  }
  for (const [at, stream] of [child.stdout, child.stderr].entries()) {
    stream?.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > printedBytesMax) end(`The program printed more than ${printedBytesMax} bytes and was stopped.`)
      else printed[at]?.push(chunk)
    })
  }
  const timer = setTimeout(() => end(`The program took longer than ${timeoutMs} ms and was stopped.`), timeoutMs)
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      problem ??= `The program could not be started (${error.code ?? 'unknown'}).`
      resolve(null)
    })
    child.once('close', resolve)
  })
  clearTimeout(timer)
  return { exitCode, printed: [Buffer.concat(printed[0]), Buffer.concat(printed[1])], problem }
}

function shown({ exitCode, printed, problem }: Ended, values: readonly Secret<string>[]): CommandResult {
  const scrub = scrubber(values)
  const parts = printed.map((bytes) => {
    const text = searchableText(bytes)
    if (text === null) return { text: '[not shown: not valid text]', count: 0 }
    const { text: clean, count } = scrub(text)
    return { text: clean.length > shownCharactersMax ? `[…]${clean.slice(-shownCharactersMax)}` : clean, count }
  })
  const [output, errors] = parts.map(({ text }) => text)
  const redactions = parts.reduce((sum, { count }) => sum + count, 0)
  const answer = { exit_code: exitCode, output, errors, redactions, ...(problem === null ? {} : { problem }) }
  const content: CommandResult['content'] = [{ type: 'text', text: JSON.stringify(answer) }]
  return exitCode === 0 && problem === null
    ? { content, structuredContent: answer }
    : { content, structuredContent: answer, isError: true }
}

function failure(text: string): CommandResult {
  return { content: [{ type: 'text', text }], isError: true }
}
