import { type DetectorScore, evaluate, type LabelledText, settingsOf } from '@pawl/core/shroud'
import { type Flag, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { textOfFile } from '../remote/read-file.ts'
import { UsageError } from '../terminal.ts'

const flags: readonly Flag[] = [
  {
    flag: 'config',
    takes: 'value',
    about: 'File with a shroud_config as JSON. Default: every detector that needs no list of its own.',
  },
]

const everything = { filesystem_detection: {}, secret_injection_detection: {}, tool_call_inspection: {} }

/** `pawl shroud eval` */
export const shroudEval = command({
  positionals: ['<file>'],
  flags,
  example: 'corpus.jsonl',
  help: () => [
    'Reads one JSON object per line: {"text": "...", "expect": ["prompt_injection"]}. An empty list means that no',
    'detector may find anything. Optional fields: direction (request, response) and role (user, tool, assistant, system).',
    'Prints one line per detector with precision and recall. Needs no vault, and sends the texts nowhere.',
  ],
  run: async ({ flags: given, positionals: [file = ''] }, terminal) => {
    const config = last(given, 'config')
    const settings = settingsOf(config === undefined ? everything : parsed(await textOfFile(config, terminal), config))
    const texts = labelled(await textOfFile(file, terminal), file)
    for (const line of tableOf(evaluate(texts, settings))) terminal.out(line)
    return exits.ok
  },
})

function parsed(text: string, where: string) {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${where} holds no JSON`)
  }
}

function labelled(text: string, file: string): LabelledText[] {
  const lines = text.split('\n').map((line, at) => ({ line, where: `line ${at + 1} of ${file}` }))
  const all = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, where }) => checked(parsed(line, where), where))
  if (all.length === 0) throw new UsageError(`${file} holds no text`)
  return all
}

const directions = ['request', 'response']
const roles = ['system', 'user', 'assistant', 'tool']

function checked(given: LabelledText | null, where: string): LabelledText {
  const isRight =
    typeof given?.text === 'string' &&
    Array.isArray(given.expect) &&
    given.expect.every((one) => typeof one === 'string') &&
    (given.direction === undefined || directions.includes(given.direction)) &&
    (given.role === undefined || roles.includes(given.role))
  if (!isRight) throw new UsageError(`${where} must have a text and a list expect, as in pawl shroud eval --help`)
  return given
}

function tableOf(scores: readonly DetectorScore[]): string[] {
  const rows = scores.map(({ detector, found, missed, falseAlarms, precision, recall }) =>
    [detector, shown(precision), shown(recall), found, missed, falseAlarms].map(String),
  )
  const all = [['DETECTOR', 'PRECISION', 'RECALL', 'FOUND', 'MISSED', 'FALSE ALARMS'], ...rows]
  const widths = (all[0] as string[]).map((_, at) => Math.max(...all.map((row) => (row[at] as string).length)))
  return all.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] as number))
      .join('  ')
      .trimEnd(),
  )
}

function shown(share: number | null): string {
  return share === null ? '-' : share.toFixed(3)
}
