import { existsSync, readFileSync } from 'node:fs'
import type { AuditVerifier } from '@pawl/core/maintenance'
import { readConfig, verifyExported, withAuditVerifier } from '../../host/index.ts'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { counted, progress } from '../progress.ts'
import { type Terminal, UsageError } from '../terminal.ts'

/** `pawl audit verify` */
export const auditVerify = command({
  flags: [
    {
      flag: 'expect',
      takes: 'value',
      value: 'file',
      about: 'Earlier output of this command. A lane must still hold what it held then.',
    },
    { flag: 'file', takes: 'value', value: 'file', about: 'Verify an exported segment instead. Needs no vault.' },
    {
      flag: 'key',
      takes: 'value',
      value: 'base64',
      about: 'With --file, a public key that pawl audit export printed. Can be repeated.',
    },
  ],
  help: () => [
    'Prints one line per lane, below the names of the columns. Events that were dropped after their export are counted.',
    'These numbers never decrease. Store the output elsewhere, and prove later with --expect that no event was removed since.',
    'Exits with 1 if a lane or the file is damaged.',
  ],
  run: async ({ flags }, terminal) => {
    const segment = last(flags, 'file')
    if (segment !== undefined) return verifyFile(segment, flags.get('key') ?? [], terminal)
    if (flags.has('key')) throw new UsageError('--key needs --file')
    const file = last(flags, 'expect')
    const expected = file === undefined ? [] : reportsIn(file)
    return withAuditVerifier(readConfig(terminal.env), (verifier) => verifyLanes(verifier, terminal), expected)
  },
})

const titles = ['organisation', 'lane', 'events', 'signed', 'dropped', 'hash', 'verdict'] as const
const widths = [36, 16, 10, 10, 10, 64, 0] as const

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, at) => String(cell).padEnd(widths[at] ?? 0)).join(' ')
}

async function verifyLanes(verifier: AuditVerifier, terminal: Terminal): Promise<number> {
  const { show, end } = progress(terminal)
  let areWhole = true
  terminal.out(row(titles))
  for await (const report of verifier.lanes((events) => show(`${counted(events, 'event')} verified`))) {
    const { org, lane, events, signedEvents, droppedEvents, hash, problem } = report
    end()
    terminal.out(row([org, lane, events, signedEvents, droppedEvents, hash || '-', problem ?? 'whole']))
    if (problem) areWhole = false
  }
  end()
  return areWhole ? exits.ok : exits.failed
}

async function verifyFile(path: string, keys: readonly string[], terminal: Terminal): Promise<number> {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist`)
  if (keys.length === 0) throw new UsageError('--file needs --key, the public key that pawl audit export printed')
  const { org, lane, number, events, problem } = await verifyExported(path, keys)
  terminal.out(`organisation ${org}, segment ${lane}/${number}, ${counted(events, 'event')}: ${problem ?? 'whole'}`)
  return problem ? exits.failed : exits.ok
}

/** The lines that this command printed, without those about lanes that do not exist. */
function reportsIn(file: string) {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith(titles[0]))
  const reports = lines.flatMap((line) => {
    const found = /^(\S+) +(\S+) +(\d+) +\d+ +\d+ +([0-9a-f]{64}|-) +\S/.exec(line)
    if (!found) throw new UsageError(`${file} has a line that pawl audit verify did not print`)
    const [, org = '', lane = '', events, hash = ''] = found
    return hash === '-' ? [] : [{ org, lane, events: Number(events), hash }]
  })
  if (reports.length === 0) throw new UsageError(`${file} has no line of pawl audit verify`)
  return reports
}
