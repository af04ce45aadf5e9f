import { area, sweepTask } from '../../operations/index.ts'
import { endAllJob, endLeasesOf, revokeJob } from './end.ts'
import { bankrOperations } from './operations/index.ts'
import { bankrConfigKind, bankrLeaseKind, bankrPlacesKind } from './records.ts'

export const bankr = area({
  name: 'bankr',
  summary: 'Short-lived keys of Bankr wallets for agents.',
  uses: ['agents', 'wallets'],
  operations: bankrOperations,
  kinds: [bankrConfigKind, bankrLeaseKind, bankrPlacesKind],
  jobs: [revokeJob, endAllJob],
  scheduledTasks: [sweepTask('bankr-leases.sweep', bankrLeaseKind)],
  onRemoved: {
    agent: {
      inUnit: ({ unit }, id) => {
        const places = unit.get(bankrPlacesKind, id)
        if (places) unit.delete(bankrPlacesKind, places)
      },
      asJob: endLeasesOf,
    },
  },
  onDisabled: { agent: { asJob: endLeasesOf } },
})
