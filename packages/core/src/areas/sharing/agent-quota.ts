import { agentThings } from '../orgs/index.ts'
import { shareKind } from './records.ts'
import { isUsable } from './share.ts'

/** The shares that an agent created. Those that ended do not count (M14). */
export const agentShares = agentThings('agentShares', 'shares', (unit, id, now) => {
  const share = unit.get(shareKind, id)
  return share !== null && isUsable(share, now)
})
