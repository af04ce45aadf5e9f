import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type CustodianPrompts, type Shape, writeNewFile } from '../host/index.ts'
import { type Answers, answersFrom } from './answers.ts'
import { type Flag, type Given, last } from './arguments.ts'
import { bold, type Terminal, UsageError } from './terminal.ts'

// The prompts for custodians of the commands that change a root, and the flags that describe the custodians.

export const shareFlags: readonly Flag[] = [
  { flag: 'shares', takes: 'value', value: 'count', about: 'Number of custodians. Default: as before, or 5.' },
  {
    flag: 'threshold',
    takes: 'value',
    value: 'count',
    about: 'Number of shares that open the vault. Default: as before, or 3.',
  },
  {
    flag: 'out-dir',
    takes: 'value',
    value: 'path',
    about: 'Write one file per share into this folder, instead of showing the shares.',
  },
  { flag: 'yes', takes: 'nothing', about: 'Do not ask custodians to type their share back.' },
]

export interface Wanted {
  readonly shape: Partial<Shape>
  readonly room: CustodianPrompts
}

/** The room as the flags describe it. */
export function promptsFor(flags: Given['flags'], terminal: Terminal): Wanted {
  const outDir = last(flags, 'out-dir')
  const shape = { ...countIn('shares', flags), ...countIn('threshold', flags) }
  return { shape, room: room(terminal, outDir === undefined ? null : resolve(outDir), flags.has('yes')) }
}

/** A room in which nothing is handed out. */
export function promptsWithoutShares(terminal: Terminal): CustodianPrompts {
  return room(terminal, null, false)
}

function countIn(field: keyof Shape, flags: Given['flags']): Partial<Shape> {
  const given = last(flags, field)
  if (given === undefined) return {}
  if (!/^[1-9][0-9]?$/.test(given)) throw new UsageError(`--${field} must be a number from 2 to 32`)
  return { [field]: Number(given) }
}

function room(terminal: Terminal, outDir: string | null, isSure: boolean): CustodianPrompts {
  let answers: Answers | null = null
  const asked = async (question: string) => {
    answers ??= answersFrom(terminal)
    const answer = await answers(question)
    if (answer === null) throw new Error('The input has ended. Nothing was changed.')
    return answer
  }
  return {
    askShare: (progress, threshold) => asked(`Share ${progress + 1} of ${threshold}: `),
    refused: (reason) => terminal.error(reason),
    handOut: (index, of, text) =>
      outDir === null ? show(terminal, index, of, text) : write(outDir, index, text, terminal),
    askBack: async (index) =>
      isSure || outDir !== null ? null : asked(`Custodian ${index}, type your share to confirm that you have it: `),
    askPassphrase: async () => {
      const passphrase = await asked('New passphrase: ')
      if (terminal.ask && (await asked('New passphrase, again: ')) !== passphrase) {
        throw new Error('The two passphrases differ. Nothing was changed.')
      }
      return passphrase
    },
  }
}

/** Shows one share at a time. The screen is empty for the next custodian, and at the end of the ceremony. */
async function show(terminal: Terminal, index: number, of: number, text: string): Promise<void> {
  if (!terminal.ask) throw new UsageError('shares need a terminal to be shown. Without a terminal, use --out-dir')
  terminal.out(bold(`Share ${index} of ${of}`, terminal))
  terminal.out(`\n  ${text}\n`)
  await terminal.ask('Write it down, then press Enter. Pawl then clears the screen and never shows this share again.')
  terminal.out('\u001b[3J\u001b[H\u001b[2J')
}

async function write(outDir: string, index: number, text: string, terminal: Terminal): Promise<void> {
  mkdirSync(outDir, { recursive: true, mode: 0o700 })
  const path = join(outDir, `share-${index}`)
  await writeNewFile(path, one(Buffer.from(`${text}\n`)))
  terminal.out(path)
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
