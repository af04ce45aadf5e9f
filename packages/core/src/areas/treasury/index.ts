import { area } from '../../operations/index.ts'
import { treasuryAgentSettings } from './agent-settings.ts'
import { executeJob, hearTransaction, listensSince } from './execute.ts'
import { compareJob } from './on-chain.ts'
import { treasuryOperations } from './operations/index.ts'
import { proposalKind, treasuryAccessKind, treasuryKind, treasurySignerKind } from './records.ts'
import { dropAgent, dropSigners, dropTreasuryJob } from './remove.ts'
import { treasuryMode } from './start.ts'

export { treasuryKind } from './records.ts'

export const treasury = area({
  name: 'treasury',
  summary: 'Treasuries: Safe contracts whose owners decide together, and what agents may spend.',
  uses: ['orgs', 'agents', 'chains', 'guardrails', 'signers', 'intents', 'wallets'],
  operations: treasuryOperations,
  kinds: [treasuryKind, treasurySignerKind, treasuryAccessKind, proposalKind],
  jobs: [compareJob, executeJob, dropTreasuryJob],
  agentSettings: treasuryAgentSettings,
  transactionModes: { treasury: treasuryMode },
  listensTo: { 'transaction.settle': hearTransaction, 'transaction.refuse': hearTransaction },
  listensSince,
  onRemoved: {
    agent: { asJob: dropAgent },
    user: { asJob: (engine, { org, id }) => dropSigners(engine, org, { kind: 'user', id }) },
  },
})
