import { readConfig, withAuditVerifier } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl audit verify` */
export const auditVerify: Command = {
  usage: '',
  help: () => [
    'Prints a line for each lane: organisation, lane, events, how many of them are signed, the last hash, and the verdict.',
    'Events and signatures only ever grow: kept elsewhere, a line proves later that nothing was taken away since.',
    'Ends with 1 when a lane is not whole.',
  ],
  run: async (args, terminal) => {
    if (args.length > 0) throw new UsageError('audit verify takes no options; pawl audit verify --help says more')
    return withAuditVerifier(readConfig(terminal.env), async (verifier) => {
      let areWhole = true
      for await (const { org, lane, events, signedEvents, hash, problem } of verifier.lanes()) {
        terminal.out(`${org} ${lane} ${events} ${signedEvents} ${hash || '-'} ${problem ?? 'whole'}`)
        if (problem) areWhole = false
      }
      return areWhole ? exits.ok : exits.failed
    })
  },
}
