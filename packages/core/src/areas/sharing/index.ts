import { area } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { agentShares } from './agent-quota.ts'
import { sharingAgentSettings } from './agent-settings.ts'
import { shareMailJob } from './mail.ts'
import { shareOperations } from './operations/index.ts'
import { shareKind } from './records.ts'
import { dropSharesOf } from './remove.ts'

export { type Share, shareKind, shareRef } from './records.ts'
export { isUsable } from './share.ts'

export const sharing = area({
  name: 'sharing',
  summary: 'Access to one secret without a policy.',
  uses: ['orgs', 'credentials', 'vaults', 'secrets', 'agents', 'mail', 'settings'],
  operations: shareOperations,
  agentSettings: sharingAgentSettings,
  kinds: [shareKind, agentShares.kind],
  jobs: [shareMailJob],
  onRemoved: {
    vault: { asJob: ({ records }, { org, id }) => dropAll(records, org, shareKind, 'vault', org, id) },
    agent: {
      inUnit: ({ unit }, id) => agentShares.drop(unit, id),
      asJob: (engine, { org, id }) => dropSharesOf(engine, org, { kind: 'agent', id }),
    },
    user: { asJob: (engine, { org, id }) => dropSharesOf(engine, org, { kind: 'user', id }) },
  },
})
