import { minute, rfc3339 } from '../../kernel/time.ts'
import type { Engine, ScheduledTask } from '../../operations/index.ts'
import { tellBy } from './events.ts'
import { type Connection, connectionKind } from './records.ts'

const toldAtOnce = 100
const server = { type: 'system', id: '', ip: null } as const

/** Tells apps that a claim link expired before its user came, so that they send another one. */
export const expireClaimsTask: ScheduledTask = {
  name: 'platform.expireClaims',
  everyMs: minute,
  run: async (engine) => {
    for (;;) {
      const expired = await expiredClaims(engine)
      for (const connection of expired) await tellExpired(engine, connection)
      if (expired.length < toldAtOnce) return
    }
  },
}

function expiredClaims({ records }: Engine): Promise<readonly Connection[]> {
  return records.reading().page(connectionKind, 'claimEnds', { to: [records.now() + 1], limit: toldAtOnce })
}

/** In the commit that notes it, so that two engines tell it once. */
function tellExpired({ records }: Engine, { id, org }: Connection): Promise<void> {
  return records.transactIn(org, (unit) => {
    const connection = unit.get(connectionKind, id)
    const claim = connection?.claim
    if (!claim || claim.redeemedAt !== null || claim.isExpiryTold || claim.expiresAt > records.now()) return
    unit.put(connectionKind, { ...connection, claim: { ...claim, isExpiryTold: true } })
    if (connection.status === 'disconnected') return
    tellBy(unit, server, connection, 'platform.claim.expired', { expired_at: rfc3339(claim.expiresAt) })
  })
}
