import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Environment } from '../host/index.ts'

/** What a command sees of the world outside. */
export interface Terminal {
  readonly env: Environment
  readonly isColoured: boolean
  out(line: string): void
  error(line: string): void
  /** Shows a line that the next one takes the place of; absent where nobody could see that. */
  line?(text: string): void
  /** Asks for what nobody may see while it is typed. Only where there is somebody to ask. */
  ask?(question: string): Promise<string>
  /** What comes in where nobody is there to ask, line by line. */
  lines?(): AsyncIterable<string>
  /** Resolves when somebody asks the process to stop. */
  stopped(): Promise<void>
}

export interface Command {
  readonly summary: string
  /** What stands after the name in the usage line. */
  readonly usage: string
  /** What `--help` says beyond the summary. */
  help?(): readonly string[]
  /** Answers the exit status. */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}

/** The arguments make no sense; the text says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Exit statuses, as sysexits.h has them. */
export const exits = { ok: 0, failed: 1, usage: 64, config: 78 } as const

export function bold(text: string, { isColoured }: Terminal): string {
  return isColoured ? `\u001b[1m${text}\u001b[22m` : text
}

export function dim(text: string, { isColoured }: Terminal): string {
  return isColoured ? `\u001b[2m${text}\u001b[22m` : text
}

/** Two columns, the first as wide as its widest. */
export function columns(rows: readonly (readonly [string, string])[], indent = '  '): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}  ${right}`.trimEnd())
}

export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process
  return {
    env,
    isColoured: stdout.isTTY === true && !env.NO_COLOR,
    out: (line) => void stdout.write(`${line}\n`),
    error: (line) => void stderr.write(`${line}\n`),
    ...(stderr.isTTY === true ? { line: (text: string) => void stderr.write(`\r${text}\u001b[K`) } : {}),
    ...(stdin.isTTY && stderr.isTTY ? { ask: askUnseen } : {}),
    ...(stdin.isTTY ? {} : { lines: () => createInterface({ input: stdin }) }),
    stopped: () => new Promise((resolve) => onSignals(resolve)),
  }
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question)
  // The lines are edited as always; what is typed is shown nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  lines.once('SIGINT', () => process.exit(exits.failed))
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

const togetherMs = 1_000

/**
 * One wish to stop may come as several signals: a terminal sends one to every process of a group, and each of them (npm,
 * our own launcher) sends it on. Whoever asks again later does not want to wait any more.
 */
function onSignals(stop: () => void): void {
  let askedAt: number | null = null
  const asked = () => {
    const now = performance.now()
    if (askedAt !== null && now - askedAt > togetherMs) process.exit(exits.failed)
    askedAt ??= now
    stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, asked)
}
