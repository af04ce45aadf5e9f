import { agentThings } from '../orgs/index.ts'
import { shareKind } from './records.ts'

/** The shares that an agent created. Those that expired, were used up or were removed do not count (M14). */
export const agentShares = agentThings('agentShares', 'shares', (unit, id, now) => {
  const share = unit.get(shareKind, id)
  return share !== null && share.expiresAt > now && (share.usesMax === 0 || share.uses < share.usesMax)
})
