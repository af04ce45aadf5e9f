import { area } from '../../operations/index.ts'
import { sealOperations } from './operations/index.ts'
import { shareSetsRecord } from './share-sets.ts'

export { type Ceremony, type CeremonyOptions, type NewShares, openCeremony } from './ceremony.ts'
export type { Collected } from './collector.ts'
export { cannotSeal, shareRefused } from './errors.ts'
export { isSealable, newSeal, type Unsealed } from './seal.ts'
export type { ShareSet } from './share-sets.ts'
export { leaveTrace } from './trace.ts'

export const seal = area({
  name: 'seal',
  summary: 'Sealing and unsealing a vault with root shares.',
  uses: ['orgs'],
  operations: sealOperations,
  reports: ['vault.sealed', 'vault.unsealed'],
  clearRecords: [shareSetsRecord],
})
