import { createInterface, type Interface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { PawlError } from '@pawl/core/client'
import type { Environment } from '../host/index.ts'
import { exits } from './exits.ts'

/** The input, output and environment of a command. */
export interface Terminal {
  readonly env: Environment
  readonly isColoured: boolean
  /** The width in columns; absent when the output is not a terminal. */
  readonly width?: number
  out(line: string): void
  /** Writes the text without a line break. */
  write?(text: string): void
  error(line: string): void
  /** Shows a line that the next one replaces; absent when the output is not a terminal. */
  line?(text: string): void
  /** Asks without echo, for a secret. Absent when there is no terminal to ask at. */
  ask?(question: string): Promise<string>
  /** Asks with echo. */
  askOpenly?(question: string): Promise<string>
  /** The piped input, line by line, when there is no terminal to ask at. */
  lines?(): AsyncIterable<string>
  /** All input to its end, typed or piped. */
  input?(): Promise<string>
  /** Resolves when the process gets a signal to stop. */
  stopped(): Promise<void>
}

/** The arguments are not valid. The message has the reason. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** An error of the engine, whichever copy of it this process has loaded. */
export function isRefusal(error: unknown): error is PawlError {
  return error instanceof Error && error.name === 'PawlError' && 'kind' in error
}

export function bold(text: string, { isColoured }: Terminal): string {
  return isColoured ? `\u001b[1m${text}\u001b[22m` : text
}

export function dim(text: string, { isColoured }: Terminal): string {
  return isColoured ? `\u001b[2m${text}\u001b[22m` : text
}

/** The width of help texts: the default width, or that of a narrower terminal. */
export function helpWidth({ width = 80 }: Terminal): number {
  return Math.min(80, width)
}

/** Two columns, the first as wide as its widest. */
export function columns(rows: readonly (readonly [string, string])[], indent = '  '): string[] {
  const width = widest(rows)
  return rows.map(([left, right]) => `${indent}${padded(left, width)}  ${right}`.trimEnd())
}

/** A column of prose that would be narrower than this moves to the next line. */
const narrowest = 24
/** The indent of prose on the next line. */
const below = 6

/** The same for help, where the second column is prose and goes on below. */
export function explained(rows: readonly (readonly [string, string])[], width: number): string[] {
  const before = widest(rows) + 4
  const longest = Math.max(0, ...rows.flatMap(([, right]) => right.split(' ').map(({ length }) => length)))
  if (width - before < Math.max(narrowest, Math.min(longest, width - below))) {
    const indented = (text: string) => wrapped(text, width - below).map((line) => ' '.repeat(below) + line)
    return rows.flatMap(([left, right]) => [`  ${left}`, ...indented(right)])
  }
  return rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrapped(right, width - before)
    return [`  ${padded(left, before - 4)}  ${first}`.trimEnd(), ...more.map((line) => ' '.repeat(before) + line)]
  })
}

const letters = new Intl.Segmenter('en')
const isWide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]|\ufe0f/u

/** How many columns a text takes in a terminal: letters of East Asian scripts and emoji take two. */
export function shownWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  return [...letters.segment(text)].reduce((sum, { segment }) => sum + (isWide.test(segment) ? 2 : 1), 0)
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - shownWidth(text)))
}

function widest(rows: readonly (readonly [string, string])[]): number {
  return Math.max(0, ...rows.map(([left]) => shownWidth(left)))
}

/** Wraps text at whole words. A longer word gets its own line. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines.push(`${lines.pop()} ${word}`)
    else lines.push(word)
  }
  return lines
}

/** Prose as wide as the terminal; lines with columns stay as they are. */
export function reflowed(lines: readonly string[], width: number): string[] {
  const isProse = (line: string | undefined) => line !== undefined && line !== '' && !line.includes('  ')
  const paragraphs: string[] = []
  let before: string | undefined
  for (const line of lines) {
    if (isProse(line) && isProse(before)) paragraphs.push(`${paragraphs.pop()} ${line}`)
    else paragraphs.push(line)
    before = line
  }
  return paragraphs.flatMap((one) => (isProse(one) ? wrapped(one, width) : [one]))
}

export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process
  stdout.on('error', outputFailed)
  return {
    env,
    isColoured: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    ...(stdout.isTTY ? { width: stdout.columns } : {}),
    out: (line) => void stdout.write(`${line}\n`),
    write: (part) => void stdout.write(part),
    error: (line) => void stderr.write(`${line}\n`),
    ...(stderr.isTTY === true ? { line: (text: string) => void stderr.write(`\r${text}\u001b[K`) } : {}),
    ...(stdin.isTTY && stderr.isTTY ? { ask: askUnseen, askOpenly: askSeen } : {}),
    ...(stdin.isTTY ? {} : { lines: () => createInterface({ input: stdin }) }),
    input: () => text(stdin),
    stopped: () => new Promise((resolve) => onSignals(resolve)),
  }
}

/** The reader may close the pipe early, as `head` does. Output after that is dropped, and is no error. */
function outputFailed({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return
  const reason = code === 'ENOSPC' ? 'no space is left on the device' : message
  process.stderr.write(`pawl: The output cannot be written: ${reason}.\n`)
  process.exit(exits.failed)
}

async function askUnseen(question: string): Promise<string> {
  // Line editing works as always, without echo.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  try {
    // The question appears only after echo is off, so that a user who types early shows nothing.
    return await oneLine(nowhere, () => void process.stderr.write(question))
  } finally {
    process.stderr.write('\n')
  }
}

function askSeen(question: string): Promise<string> {
  return oneLine(process.stderr, (lines) => lines.setPrompt(question))
}

async function oneLine(output: NodeJS.WritableStream, ask: (lines: Interface) => void): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  lines.once('SIGINT', () => process.exit(exits.failed))
  ask(lines)
  try {
    return await lines.question(lines.getPrompt())
  } finally {
    lines.close()
  }
}

const togetherMs = 1_000

/**
 * One request to stop may come as several signals: a terminal sends one to every process of a group, and each of them (npm,
 * our own launcher) sends it on. A later signal means that the operator does not want to wait, so the process exits.
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
