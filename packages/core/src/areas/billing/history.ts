import { rfc3339 } from '../../kernel/time.ts'
import { type Context, isAdmin } from '../../operations/index.ts'
import { type AuditBlock, type AuditEvent, blockKind, eventsOf } from '../../records/index.ts'

const blocksAtOnce = 100
/** The history of a caller with few calls among many others ends after this number of blocks. */
const blocksMax = 2_000

/** The latest metered calls, read from the audit trail. Owners and admins see all, others their own. */
export function meteredEvents(context: Context, limit: number) {
  const { unit, crypto, caller } = context
  const seesAll = isAdmin(caller)
  const isShown = ({ metered, actorId }: AuditEvent) =>
    metered !== undefined && (seesAll || (caller.kind !== 'anonymous' && actorId === caller.id))
  const found: AuditEvent[] = []
  let to: readonly (string | number)[] | null = null
  for (let blocks = 0; blocks < blocksMax && found.length < limit; blocks += blocksAtOnce) {
    const page: readonly AuditBlock[] = unit.page(blockKind, 'time', {
      reverse: true,
      limit: blocksAtOnce,
      ...(to && { to }),
    })
    for (const block of page) found.push(...eventsOf(crypto, block).filter(isShown).reverse())
    const last: AuditBlock | undefined = page.at(-1)
    if (!last || page.length < blocksAtOnce) break
    to = [last.at, last.lane, last.first]
  }
  return found.slice(0, limit).map((event) => shown(context, event))
}

function shown({ areas }: Context, { id, actorType, actorId, metered, details, at }: AuditEvent) {
  const { method = '', path = '', status = 200 } = areas.routes.get(metered ?? '') ?? {}
  const price = typeof details.price_usd === 'string' ? details.price_usd : null
  return {
    id,
    principal_type: actorType,
    principal_id: actorId,
    method,
    endpoint: path,
    status_code: status,
    price_usd: price ?? '0.00',
    is_paid: price !== null,
    created_at: rfc3339(at),
  }
}
