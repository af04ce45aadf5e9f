import { formatAddress, parseAddress } from '../../kernel/ip.ts'
import type { Json } from '../../kernel/json.ts'
import { second } from '../../kernel/time.ts'
import { auditEvent, type Engine, perEngine } from '../../operations/index.ts'
import type { AuditDraft, Unit } from '../../records/index.ts'
import { suspects } from '../credentials/index.ts'
import { shareKind } from '../sharing/index.ts'
import { addEvent, eventIdOf } from './events.ts'
import { honeytokenKind, riskEventKind, type Suspect } from './records.ts'
import { raise, system } from './verdicts.ts'

// A read of a honeytoken is a read like every other one: the same answer, the same audit event, in the same commit. Only what was
// stored is looked at, and only then the reader is stopped: at once in this engine, by name, and by a commit in all of them.

/** One read, as the audit trail has it. */
export interface Access {
  readonly eventId: string
  readonly at: number
  readonly draft: AuditDraft
  /** It was found in the trail: in the millisecond of a new honeytoken, the read may have been before. */
  readonly isFromTrail?: true
}

/** The places of the honeytokens of each organisation, as this engine knows them. */
interface Known {
  readonly places: Set<string>
  readonly readAt: number
}

const knowns = perEngine(() => ({ byOrg: new Map<string, Known>(), changes: 0 }))

/** Another engine may have made some since. Their reads are found by the listener, in case they were missed here. */
const knownForMs = 5 * second

/** A honeytoken was stored or deleted. Known is known from this moment on. */
export function noticeHoneytokens(engine: Engine, org: string, { action, details }: AuditDraft): void {
  if (details.outcome !== undefined) return
  const known = knowns(engine)
  if (action === 'risk.honeytoken_create') known.byOrg.get(org)?.places.add(placeText(details.vault_id, details.path))
  else if (action === 'risk.honeytoken_delete') known.byOrg.delete(org)
  else return
  known.changes++
}

/** Null: this engine must look them up first. */
export function placesKnown(engine: Engine, org: string): ReadonlySet<string> | null {
  const known = knowns(engine).byOrg.get(org)
  if (!known) return null
  const isOld = engine.records.isShared && engine.records.now() - known.readAt > knownForMs
  return isOld ? null : known.places
}

export async function loadPlaces(engine: Engine, org: string): Promise<ReadonlySet<string>> {
  const { records } = engine
  for (;;) {
    const [readAt, { changes }] = [records.now(), knowns(engine)]
    const tokens = await records.reading(org).list(honeytokenKind, 'created')
    const places = new Set(tokens.map(({ vaultId, path }) => placeText(vaultId, path)))
    // A honeytoken that was stored meanwhile can be missing in the set.
    if (changes !== knowns(engine).changes) continue
    knowns(engine).byOrg.set(org, { places, readAt })
    return places
  }
}

export function placeText(vaultId: unknown, path: unknown): string {
  return `${vaultId} ${path}`
}

/** Whether this engine got the value of a secret for a caller. */
export function isValueRead({ action, details }: AuditDraft): boolean {
  return action === 'secret.read' && details.outcome === undefined
}

/** This engine takes no credential of these readers from now on. */
export function stopAtOnce(engine: Engine, accesses: readonly Access[]): void {
  for (const { draft } of accesses) {
    const reader = readerOf(draft)
    if (reader) suspects(engine).add(reader.id)
  }
}

/** Stores what follows from reads of honeytokens. The same reads again change nothing. */
export async function reactTo(engine: Engine, org: string, accesses: readonly Access[]): Promise<void> {
  for (const access of accesses) {
    await engine.records.transactIn(org, (unit) => react(engine, unit, access))
    const reader = readerOf(access.draft)
    if (reader) suspects(engine).delete(reader.id)
  }
}

function react(engine: Engine, unit: Unit, { eventId, at, draft, isFromTrail }: Access): void {
  const { vault_id, path } = draft.details
  const token = unit.find(honeytokenKind, 'place', String(vault_id), String(path))
  const id = eventIdOf(engine, eventId, 'honeytoken_access')
  if (!token || token.createdAt > (isFromTrail ? at - 1 : at) || unit.get(riskEventKind, id)) return
  unit.put(honeytokenKind, { ...token, triggeredCount: token.triggeredCount + 1, lastTriggeredAt: at })
  const resource = { type: 'honeytoken', id: token.id }
  const suspect = readerOf(draft) ?? sharerOf(unit, draft)
  const about = { vault_id: token.vaultId, path: token.path, audit_event: eventId }
  const who = suspect && { principal_type: suspect.type, principal_id: suspect.id }
  unit.audit(auditEvent(system, { action: 'risk.honeytoken_trigger', resource, details: { ...about, ...who } }))
  if (!suspect) return
  const ip = draft.ip === null ? null : parseAddress(draft.ip)
  addEvent(unit, {
    ...{ id, at, suspect, type: 'honeytoken_access', severity: 'critical', ip: ip && formatAddress(ip) },
    ...{ place: ip && (engine.settings.geo?.locate(ip) ?? null), createdAt: engine.records.now() },
    payload: { ...about, honeytoken_id: token.id, ...delegation(draft) },
  })
  const reason = {
    detector: 'honeytoken_access',
    severity: 'critical',
    description: 'It read a honeytoken, a secret that no caller needs. One read is enough.',
    metadata: { ...about, honeytoken_id: token.id, threshold: 1, clears: 'An owner or admin clears the verdict.' },
  } as const
  raise(unit, suspect, reason, engine.records.now())
}

/** The user or agent whose credential read the secret. Null: a link was opened without a sign-in. */
export function readerOf({ actorType, actorId, details }: AuditDraft): Suspect | null {
  if (actorType === 'user' || actorType === 'agent') return { type: actorType, id: actorId }
  const { user_id } = details
  return actorType === 'platform_delegated' && typeof user_id === 'string' ? { type: 'user', id: user_id } : null
}

/** The creator of a link. The creator counts as the reader for everyone who opens the link. */
function sharerOf(unit: Unit, { details: { share } }: AuditDraft): Suspect | null {
  const shared = typeof share === 'string' ? unit.get(shareKind, share) : null
  return shared && { type: shared.createdBy.kind, id: shared.createdBy.id }
}

function delegation({ actorType, details: { app_id = null, connection_id = null } }: AuditDraft): Record<string, Json> {
  return actorType === 'platform_delegated' ? { app_id, connection_id } : {}
}
