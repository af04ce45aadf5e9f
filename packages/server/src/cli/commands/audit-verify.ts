import { readConfig, withAuditVerifier } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'

/** `pawl audit verify` */
export const auditVerify = command({
  help: () => [
    'Prints one line per lane: organisation, lane, number of events, number of signed events, last hash, and verdict.',
    'These numbers never decrease. Store a line elsewhere to prove later that no event was removed since.',
    'Exits with 1 if a lane is damaged.',
  ],
  run: async (_, terminal) => {
    return withAuditVerifier(readConfig(terminal.env), async (verifier) => {
      let areWhole = true
      for await (const { org, lane, events, signedEvents, hash, problem } of verifier.lanes()) {
        terminal.out(`${org} ${lane} ${events} ${signedEvents} ${hash || '-'} ${problem ?? 'whole'}`)
        if (problem) areWhole = false
      }
      return areWhole ? exits.ok : exits.failed
    })
  },
})
