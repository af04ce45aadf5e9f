import * as z from 'zod'
import { hex, utf8 } from '../../kernel/bytes.ts'
import { formatAddress } from '../../kernel/ip.ts'
import { day, minute } from '../../kernel/time.ts'
import { type Context, clientOf, fields, type Principal, type UnitContext } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'
import { currentUser } from '../auth/index.ts'
import {
  dropOneTime,
  findOneTime,
  newLinkToken,
  type OneTime,
  oneTimesOf,
  peekLinkToken,
} from '../credentials/index.ts'
import { enrolmentNotFound } from './errors.ts'
import { PairingRef } from './pairing.ts'

// Requests that wait for a user. Each is a `OneTime` record, and takes one of the places of its user or of its IP address.

const purpose = 'enrol'
const lifeMs = day
/** No user can decide such a request. It ends soon, so that unknown addresses need little space. */
const hiddenLifeMs = minute
/** As long as the id of a user. */
const nobody = `nobody-${'0'.repeat(29)}`
const pendingMax = 100

const EnrolmentData = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** Empty: unknown. */
  from: z.string(),
  requestedAt: z.number(),
  /** The record that counts it. */
  countedBy: z.string(),
  pairing: PairingRef.nullable().default(null),
})

export interface Enrolment extends z.infer<typeof EnrolmentData> {
  readonly expiresAt: number
  readonly one: OneTime
}

/** When the pending requests for one user, or from some IP addresses, end. */
export const enrolmentCountKind = kind<{ readonly id: string; readonly ends: readonly number[] }>('enrolmentCount', {
  scope: 'global',
})

export interface Wanted {
  readonly name: string
  readonly description: string
  readonly pairing: PairingRef | null
}

/** The only user who can decide. */
interface Holder {
  readonly org: string
  readonly user: string
  /** False: the user is a stand-in for an unknown address. */
  readonly isKnown: boolean
}

interface Staged {
  readonly id: string
  readonly token: string
}

interface IsSeen {
  /** Whether a user sees the request. */
  readonly isSeen: boolean
}

interface Place {
  readonly countedBy: string
  readonly lifeMs: number
  readonly org?: string
  readonly holder?: Principal
}

/** Stages a request that every user with the link can decide. Returns null if 100 others wait already. */
export function newEnrolment(context: Context, wanted: Wanted): Staged | null {
  const countedBy = linkCount(context)
  return takePlace(context, countedBy, lifeMs) ? stageEnrolment(context, wanted, { countedBy, lifeMs }) : null
}

/**
 * Stages a request that one user can decide. If 100 others wait already, no user sees the request, and it ends soon. So it costs the
 * same work, and a caller cannot find out whether the address has an account.
 */
export function newEnrolmentFor(context: Context, { org, user, isKnown }: Holder, wanted: Wanted): Staged & IsSeen {
  const countedBy = userCount(user)
  const ofHolder = isKnown ? lifeMs : hiddenLifeMs
  const isSeen = takePlace(context, countedBy, ofHolder) && isKnown
  const holder = { kind: 'user', id: isSeen || !isKnown ? user : nobody } as const
  const staged = stageEnrolment(context, wanted, { countedBy, lifeMs: isSeen ? lifeMs : hiddenLifeMs, org, holder })
  return { ...staged, isSeen }
}

function stageEnrolment(
  context: Context,
  { name, description, pairing }: Wanted,
  { countedBy, lifeMs, ...whose }: Place,
): Staged {
  const { now, newId, origin } = context
  const id = newId()
  const from = origin.ip ? formatAddress(origin.ip) : ''
  const data = {
    id,
    name,
    description,
    from,
    requestedAt: now,
    countedBy,
    pairing: pairing && { id: pairing.id, fingerprint: pairing.fingerprint },
  }
  const token = newLinkToken(context, { purpose, subject: id, lifeMs, data, ...whose })
  return { id, token }
}

/** Stages one of the places for requests from the IP address of the caller. Returns whether one was free. */
export function takePlaceOfAddress(context: Context): boolean {
  return takePlace(context, linkCount(context), lifeMs)
}

/** Writes the count in any case, so that a full one costs the same. */
function takePlace({ unit, now }: Context, countedBy: string, lifeMs: number): boolean {
  const ends = endsIn(unit, countedBy, now)
  const isFree = ends.length < pendingMax
  unit.put(enrolmentCountKind, { id: countedBy, ends: isFree ? [...ends, now + lifeMs] : ends })
  return isFree
}

/** A request is named by the token of its link, or by its ID if it is for the caller. */
export const enrolmentRef = {
  token: fields.optional(fields.secretText(100)).describe('Token of the link to the request.'),
  enrollment_id: fields.optional(fields.id()).describe('ID of a request for you, instead of its token.'),
}

type Ref = { readonly [Name in keyof typeof enrolmentRef]: z.output<(typeof enrolmentRef)[Name]> }

/** Returns the request that the calling user can decide about, and leaves it pending. */
export function decidable(context: Context, { token, enrollment_id: id }: Ref): Enrolment {
  const user = currentUser(context)
  const one = token ? peekLinkToken(context, purpose, token.reveal()) : id ? findOneTime(context, purpose, id) : null
  const enrolment = one && enrolmentOf(one)
  // An ID is no secret, so it names only requests for the caller.
  const isForCaller = one?.holder ? one.holder.id === user.id : token !== undefined
  if (!enrolment || enrolment.expiresAt <= context.now || !isForCaller) throw enrolmentNotFound()
  return enrolment
}

/** Stages the end of a request, so that it is decided once. */
export function endEnrolment(context: UnitContext, { one, countedBy, expiresAt }: Enrolment): void {
  const { unit, now } = context
  dropOneTime(unit, one)
  const ends = [...endsIn(unit, countedBy, now)]
  const at = ends.indexOf(expiresAt)
  if (at !== -1) unit.put(enrolmentCountKind, { id: countedBy, ends: ends.toSpliced(at, 1) })
}

/** Returns the requests that wait for a user, oldest first. */
export function enrolmentsFor(context: UnitContext, user: Principal): Enrolment[] {
  const found = oneTimesOf(context, purpose, user).flatMap((one) => enrolmentOf(one) ?? [])
  return found.sort((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1))
}

export function forgetCount(unit: Unit, user: string): void {
  const count = unit.get(enrolmentCountKind, userCount(user))
  if (count) unit.delete(enrolmentCountKind, count)
}

function enrolmentOf(one: OneTime): Enrolment | null {
  const { data } = EnrolmentData.safeParse(one.data)
  return data ? { ...data, expiresAt: one.expiresAt, one } : null
}

function endsIn(unit: Unit, countedBy: string, now: number): readonly number[] {
  return (unit.get(enrolmentCountKind, countedBy)?.ends ?? []).filter((end) => end > now)
}

function userCount(user: string): string {
  return `user-${user}`
}

/** One of 256 records, so that many addresses need little space, and one address cannot use up the places of all. */
function linkCount({ crypto, origin: { ip = null } }: Context): string {
  return `link-${hex(crypto.sha256(utf8(`${clientOf(ip)}`))).slice(0, 2)}`
}
