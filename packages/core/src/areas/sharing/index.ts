import { area } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { sharingAgentSettings } from './agent-settings.ts'
import { shareMailJob } from './mail.ts'
import { shareOperations } from './operations/index.ts'
import { shareKind } from './records.ts'
import { dropSharesOf } from './remove.ts'

export { type Share, shareKind, shareRef } from './records.ts'

export const sharing = area({
  name: 'sharing',
  summary: 'Access to one secret without a policy.',
  uses: ['orgs', 'vaults', 'secrets', 'agents', 'mail'],
  operations: shareOperations,
  agentSettings: sharingAgentSettings,
  kinds: [shareKind],
  jobs: [shareMailJob],
  onRemoved: {
    vault: { asJob: ({ records }, { org, id }) => dropAll(records, org, shareKind, 'vault', org, id) },
    agent: { asJob: (engine, { org, id }) => dropSharesOf(engine, org, { kind: 'agent', id }) },
    user: { asJob: (engine, { org, id }) => dropSharesOf(engine, org, { kind: 'user', id }) },
  },
})
