import { formatCidr, parseAddress, parseCidr } from '../../kernel/ip.ts'
import { hour } from '../../kernel/time.ts'
import type { Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { riskThresholdsOf } from '../orgs/index.ts'
import { type Counted, detectors, type Facts, type Finding } from './detectors/index.ts'
import { addEvent, eventIdOf } from './events.ts'
import type { Access } from './honeytokens.ts'
import type { Recent } from './recent.ts'
import { type Profile, profileKind, type Suspect, type Usual, type Verdict } from './records.ts'
import { holderOf, raise } from './verdicts.ts'

/** One event that may be more than usual, and what its principal did before it. */
export interface Doubt extends Access {
  readonly suspect: Suspect
  readonly isNewAddress: boolean
  /** Time of the request before. 0: none is known. */
  readonly lastAt: number
}

const networksMax = 64
const nothing: Usual = { requests: 0, secrets: 0 }

/** Asks every detector, and stores what they find and what is now known of the principal. */
export async function judge(engine: Engine, org: string, doubt: Doubt, recent: Recent): Promise<void> {
  const now = engine.records.now()
  const judged = await engine.records.transactIn(org, (unit) => judgeIn(engine, unit, doubt, recent, now))
  if (!judged) return
  const { found, facts, isLearned } = judged
  for (const { name, restMs } of detectors) if (found.includes(name)) recent.rests.set(name, now + restMs)
  if (isLearned || found.length > 0) recent.forgetUsual()
  recent.lookFrom(looksOf(facts, recent, now), Math.min(now + hour, nextLook(recent, now)))
}

/** The thresholds of the detectors. One that rests needs no look. */
function looksOf(facts: Facts, recent: Recent, now: number): Record<Counted, number> {
  const looks = { requests: 0, denied: 0, secrets: 0 }
  for (const { name, counts } of detectors) {
    const rests = (recent.rests.get(name) ?? 0) > now
    if (counts) looks[counts.what] = rests ? Number.POSITIVE_INFINITY : counts.threshold(facts)
  }
  return looks
}

/** The first moment at which a detector that rests now speaks again. */
function nextLook({ rests }: Recent, now: number): number {
  return Math.min(...[...rests.values()].filter((until) => until > now))
}

interface Judged {
  /** The names of the detectors that found something. */
  readonly found: readonly string[]
  readonly facts: Facts
  readonly isLearned: boolean
}

function judgeIn(engine: Engine, unit: Unit, doubt: Doubt, recent: Recent, now: number): Judged | null {
  const { suspect, draft, at, eventId } = doubt
  const holder = holderOf(unit, suspect)
  if (!holder) return null
  const profile = unit.get(profileKind, suspect.id)
  const ip = draft.ip === null ? null : parseAddress(draft.ip)
  const place = ip && (engine.settings.geo?.locate(ip) ?? null)
  const facts: Facts = {
    ...{ at, place, isNewAddress: doubt.isNewAddress, network: networkOf(draft.ip), ageMs: now - holder.createdAt },
    ...{ networks: profile?.networks ?? [], lastPlace: lastPlaceOf(profile, doubt), usual: profile?.usual ?? nothing },
    ...{ requests: recent.requests.total(at), denied: recent.denied.total(at), secrets: recent.secrets.total(at) },
    thresholds: riskThresholdsOf(unit),
  }
  const found: string[] = []
  for (const detector of detectors) {
    const finding = (recent.rests.get(detector.name) ?? 0) > now ? null : detector.judge(facts)
    if (!finding) continue
    found.push(detector.name)
    const id = eventIdOf(engine, eventId, detector.name)
    const payload = { ...finding.metadata, description: finding.description, audit_event: eventId }
    const { severity } = finding
    addEvent(unit, { id, at, suspect, type: detector.name, severity, ip: draft.ip, place, payload, createdAt: now })
    raise(unit, suspect, reasonOf(detector.name, finding, eventId), now)
  }
  // The profile must not learn from an attack.
  const isUnusual = found.length > 0 || [...recent.rests.values()].some((until) => until > now - hour)
  const isLearned = !isUnusual && at - (profile?.storedAt ?? 0) >= hour
  keepProfile(unit, suspect, profile, facts, isLearned ? recent.usual : null)
  return { found, facts, isLearned }
}

/** The principal was there until its last request, of which the profile need not know. */
function lastPlaceOf(profile: Profile | null, { lastAt }: Doubt): Profile['place'] {
  return profile?.place ? { ...profile.place, at: Math.max(profile.place.at, lastAt) } : null
}

function reasonOf(detector: string, { severity, description, metadata }: Finding, auditEvent: string) {
  const clears =
    severity === 'low' || severity === 'medium'
      ? 'It ends 15 minutes after the last event. It blocks nothing.'
      : 'It ends 15 minutes after the last event, or an owner or admin clears it.'
  return { detector, severity, description, metadata: { ...metadata, audit_event: auditEvent, clears } }
}

/** Stores what is new about a principal. With a peak, that becomes usual. */
function keepProfile(
  unit: Unit,
  { id }: Suspect,
  before: Profile | null,
  { at, network, networks, place, usual, isNewAddress }: Facts,
  peak: Usual | null,
): void {
  const isNews = isNewAddress && network !== null
  const isUsual = peak !== null && peak.requests + peak.secrets > 0
  if (!isNews && !isUsual) return
  const knows = network === null || networks.includes(network)
  unit.put(profileKind, {
    id,
    networks: knows ? networks : [...networks, network].slice(-networksMax),
    place: place ? { ...place, at } : (before?.place ?? null),
    usual: peak ? learned(usual, peak) : usual,
    storedAt: peak ? at : (before?.storedAt ?? at),
  })
}

/** A human says that what was found is usual. */
export function learnFrom(unit: Unit, { id, reasons }: Verdict, now: number): void {
  const observed = (detector: string) =>
    Number(reasons.find((reason) => reason.detector === detector)?.metadata.observed ?? 0)
  const peak = { requests: observed('burst'), secrets: observed('exfiltration') }
  if (peak.requests + peak.secrets === 0) return
  const before = unit.get(profileKind, id) ?? { id, networks: [], place: null, usual: nothing, storedAt: now }
  unit.put(profileKind, { ...before, usual: learned(before.usual, peak) })
}

/** The new usual counts. The old counts shrink by a tenth each time. */
function learned(before: Usual, peak: Usual): Usual {
  return {
    requests: Math.max(peak.requests, Math.floor(0.9 * before.requests)),
    secrets: Math.max(peak.secrets, Math.floor(0.9 * before.secrets)),
  }
}

/** Hosts of one site share it. */
function networkOf(ip: string | null): string | null {
  const range = ip === null ? null : parseCidr(`${ip}/${ip.includes(':') ? 48 : 24}`)
  return range && formatCidr(range)
}
