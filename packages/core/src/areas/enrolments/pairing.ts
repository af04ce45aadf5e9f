import * as z from 'zod'
import { base64, frame, fromBase64, fromBase64url, utf8 } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Secret } from '../../kernel/secret.ts'
import { day } from '../../kernel/time.ts'
import { type Context, fields, type Services } from '../../operations/index.ts'
import { type Agent, agentKind, isLive, replaceKey } from '../agents/index.ts'
import { changeOneTime, findOneTime, newLinkToken, type OneTime, peekLinkToken } from '../credentials/index.ts'

// An agent that sends a public key gets its API key itself, once, without a copy by a user. The user types the fingerprint
// that the agent shows, so a stranger who asks in the same moment gets nothing.

const purpose = 'pair'
const requestLifeMs = day
/** The agent can still collect its key for a day after the last moment to allow it. */
const lifeMs = 2 * day

const PairingData = z.object({
  state: z.enum(['pending', 'approved', 'denied']),
  requestEndsAt: z.number(),
  agentId: z.string().nullable(),
  /** The key that nobody has seen. It is replaced when the agent collects its own. Null: the agent has it. */
  unseenKeyId: z.string().nullable(),
})

type PairingData = z.infer<typeof PairingData>

/** What an enrolment says about its pairing. */
export const PairingRef = z.object({ id: z.string(), fingerprint: z.string() })
export type PairingRef = z.infer<typeof PairingRef>

/** Stages a pairing. Only the holder of the poll token can collect the key. */
export function newPairing(context: Context, publicKey: string): PairingRef & { readonly pollToken: string } {
  const { now, newId } = context
  const id = newId()
  const data: PairingData = { state: 'pending', requestEndsAt: now + requestLifeMs, agentId: null, unseenKeyId: null }
  const pollToken = newLinkToken(context, { purpose, subject: id, lifeMs, data })
  return { id, fingerprint: fingerprintOf(context, { id, publicKey, pollToken }), pollToken }
}

const publicKeyCharactersMax = 1_024
const keyBytesMin = 32

/** A public key: a line of OpenSSH, or the bytes in base64. */
export function publicKeyField() {
  return fields
    .plainText(publicKeyCharactersMax, 1)
    .refine((text) => (bytesOf(text)?.length ?? 0) >= keyBytesMin, 'must be a line of OpenSSH or base64')
    .describe('Public key of the agent: a line of OpenSSH, or base64. It is one part of the fingerprint.')
}

function bytesOf(text: string): Uint8Array | null {
  const [type = '', blob] = text.trim().split(/\s+/)
  return fromBase64(blob ?? type) ?? fromBase64url(blob ?? type)
}

interface Fingerprinted {
  readonly id: string
  readonly publicKey: string
  readonly pollToken: string
}

/**
 * The fingerprint of one request. A stranger can send the public key of another agent, because it is public. The poll token is
 * secret and new for each request, so only the agent that sent the request can show this fingerprint.
 */
function fingerprintOf({ crypto }: Pick<Services, 'crypto'>, { id, publicKey, pollToken }: Fingerprinted): string {
  const key = bytesOf(publicKey) ?? new Uint8Array()
  const hash = crypto.sha256(frame(utf8('pairing'), key, utf8(id), crypto.sha256(utf8(pollToken))))
  return `${prefix}${base64(hash).replaceAll('=', '')}`
}

const prefix = 'SHA256:'
/** 72 bits: no two requests have the same start. */
const typedCharactersMin = 12

export function fingerprintField() {
  return fields
    .optional(fields.text(100, typedCharactersMin))
    .describe(
      'Fingerprint that the agent shows, or its first 12 characters after SHA256:. Needed if the request has one.',
    )
}

/** Throws if the user did not give the fingerprint of this request. The answer does not show it. */
export function checkFingerprint(pairing: PairingRef | null, given: string | undefined): void {
  if (!pairing) return
  if (given === undefined) throw invalidField('fingerprint', 'is missing. The agent shows it')
  const typed = given.trim().replace(prefix, '')
  const isRight = typed.length >= typedCharactersMin && pairing.fingerprint.slice(prefix.length).startsWith(typed)
  if (!isRight) throw invalidField('fingerprint', 'is not the one of this request. Deny the request')
}

/** Stages that the agent can collect its key. */
export function approvePairing(context: Context, { id }: PairingRef, agent: Agent): void {
  // The record ends with the agent.
  const holder = { kind: 'agent', id: agent.id } as const
  settle(context, id, { state: 'approved', agentId: agent.id, unseenKeyId: agent.apiKeyId }, { holder })
}

export function denyPairing(context: Context, { id }: PairingRef): void {
  settle(context, id, { state: 'denied' })
}

function settle(
  context: Context,
  id: string,
  change: Partial<PairingData>,
  whose: Pick<OneTime, 'holder'> = { holder: null },
): void {
  const found = pairingOf(findOneTime(context, purpose, id))
  if (found) changeOneTime(context, found.one, { org: context.unit.org, ...whose, data: { ...found.data, ...change } })
}

/** Where a pairing stands, for its agent. */
export interface PairingStatus {
  readonly status: 'pending' | 'approved' | 'denied' | 'expired'
  readonly agentId?: string
  readonly key?: Secret<string>
}

/** Returns the status, and stages the key the first time after the approval. Null: the ID or the token is wrong. */
export function collect(context: Context, id: string, pollToken: Secret<string>): PairingStatus | null {
  const { unit, now } = context
  const found = pairingOf(peekLinkToken(context, purpose, pollToken.reveal()))
  if (!found || found.one.id !== findOneTime(context, purpose, id)?.id) return null
  const { one, data } = found
  if (data.state === 'denied') return { status: 'denied' }
  if (data.state === 'pending') return { status: data.requestEndsAt <= now ? 'expired' : 'pending' }
  unit.enter(one.org ?? '')
  const agent = unit.get(agentKind, data.agentId ?? '')
  if (!agent || !isLive(agent, now)) return { status: 'denied' }
  const approved = { status: 'approved', agentId: agent.id } as const
  if (data.unseenKeyId === null || agent.apiKeyId !== data.unseenKeyId) return approved
  changeOneTime(context, one, { data: { ...data, unseenKeyId: null } })
  return { ...approved, key: replaceKey(context, agent) }
}

function pairingOf(one: OneTime | null): { readonly one: OneTime; readonly data: PairingData } | null {
  const { data } = PairingData.safeParse(one?.data)
  return one && data ? { one, data } : null
}
