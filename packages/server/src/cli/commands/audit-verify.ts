import { readFileSync } from 'node:fs'
import type { AuditVerifier } from '@pawl/core/maintenance'
import { readConfig, withAuditVerifier } from '../../host/index.ts'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { UsageError } from '../terminal.ts'

/** `pawl audit verify` */
export const auditVerify = command({
  flags: [
    {
      flag: 'expect',
      takes: 'value',
      value: 'file',
      about: 'Earlier output of this command. A lane must still hold what it held then.',
    },
  ],
  help: () => [
    'Prints one line per lane: organisation, lane, number of events, number of signed events, last hash, and verdict.',
    'These numbers never decrease. Store the output elsewhere, and prove later with --expect that no event was removed since.',
    'Exits with 1 if a lane is damaged.',
  ],
  run: async ({ flags }, terminal) => {
    const file = last(flags, 'expect')
    const expected = file === undefined ? [] : reportsIn(file)
    const verify = async (verifier: AuditVerifier) => {
      let areWhole = true
      for await (const { org, lane, events, signedEvents, hash, problem } of verifier.lanes()) {
        terminal.out(`${org} ${lane} ${events} ${signedEvents} ${hash || '-'} ${problem ?? 'whole'}`)
        if (problem) areWhole = false
      }
      return areWhole ? exits.ok : exits.failed
    }
    return withAuditVerifier(readConfig(terminal.env), verify, expected)
  },
})

/** The lines that this command printed, without what it said of lanes that are not there. */
function reportsIn(file: string) {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const reports = lines.flatMap((line) => {
    const found = /^(\S+) (\S+) (\d+) \d+ ([0-9a-f]{64}|-) \S/.exec(line)
    if (!found) throw new UsageError(`${file} has a line that pawl audit verify did not print`)
    const [, org = '', lane = '', events, hash = ''] = found
    return hash === '-' ? [] : [{ org, lane, events: Number(events), hash }]
  })
  if (reports.length === 0) throw new UsageError(`${file} has no line of pawl audit verify`)
  return reports
}
