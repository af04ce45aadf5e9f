import * as z from 'zod'
import { formatAddress } from '../../kernel/ip.ts'
import { minute } from '../../kernel/time.ts'
import { type Context, denied, fields, type Services, signedIn } from '../../operations/index.ts'
import { currentUser } from '../auth/index.ts'
import { findOneTime, newLinkToken, type OneTime } from '../credentials/index.ts'
import type { User } from '../orgs/index.ts'
import { deviceCodeNotFound } from './errors.ts'

export const purpose = 'device'
export const lifeMs = 10 * minute

const states = ['pending', 'approved', 'denied'] as const

/** What a device asked for, as the data of its `OneTime`. */
const RequestData = z.object({
  client: z.string(),
  /** Empty: unknown. */
  from: z.string(),
  requestedAt: z.number(),
  /** Null: every user can allow it. */
  email: z.string().nullable(),
  state: z.enum(states),
  /** The epoch of the user who allowed it. */
  epoch: z.number(),
})

export type RequestData = z.infer<typeof RequestData>

export interface DeviceRequest {
  readonly one: OneTime
  readonly data: RequestData
}

/** Consonants: codes spell no word, and no two letters look alike. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const codeLetters = 8

/** Stages a request of a device. Returns the code that the device keeps and the code that a user types. */
export function newRequest(
  context: Context,
  wanted: Pick<RequestData, 'client' | 'email'>,
): { deviceCode: string; userCode: string } {
  const { origin, now } = context
  const userCode = newUserCode(context)
  const from = origin.ip ? formatAddress(origin.ip) : ''
  const data: RequestData = { ...wanted, from, requestedAt: now, state: 'pending', epoch: 0 }
  const deviceCode = newLinkToken(context, { purpose, subject: userCode, lifeMs, data })
  return { deviceCode, userCode }
}

export function requestOf(one: OneTime | null): DeviceRequest | null {
  if (!one) return null
  const { data } = RequestData.safeParse(one.data)
  return data ? { one, data } : null
}

/** Returns the request of a code, also if it has expired. */
export function findRequest(context: Context, userCode: string): DeviceRequest | null {
  return requestOf(findOneTime(context, purpose, userCode))
}

/** Returns the request that the calling user can decide about, and the user. */
export function decidable(context: Context, userCode: string): DeviceRequest & { readonly user: User } {
  const user = currentUser(context)
  const found = findRequest(context, userCode)
  if (!found || found.one.expiresAt <= context.now || found.data.state !== 'pending' || !isFor(found, user)) {
    throw deviceCodeNotFound()
  }
  return { ...found, user }
}

export function isFor({ data }: DeviceRequest, { email }: Pick<User, 'email'>): boolean {
  return data.email === null || data.email === email
}

/** Only a sign-in by the user in person allows a device. Otherwise a stolen token or key could extend itself (C2). */
export function requireOwnSignIn(context: Context): void {
  const { authMethod, session } = signedIn(context)
  if (authMethod === 'api_key' || session?.isDevice === true) {
    throw denied({ reason: 'An API key or a device cannot allow another device. Sign in and allow it yourself.' })
  }
}

/** A code in capitals, with or without its hyphen. */
export function userCodeField() {
  return fields
    .text(20, 1)
    .transform((given) => {
      const typed = given.toUpperCase().replace(/[^A-Z]/g, '')
      return `${typed.slice(0, codeLetters / 2)}-${typed.slice(codeLetters / 2)}`
    })
    .describe('The code that the device shows, such as WDJB-MJHT.')
}

/** Each letter has the same chance. */
function newUserCode({ random }: Pick<Services, 'random'>): string {
  let code = ''
  while (code.length < codeLetters) {
    for (const byte of random.bytes(codeLetters)) {
      if (byte < 240 && code.length < codeLetters) code += letters[byte % letters.length]
    }
  }
  return `${code.slice(0, codeLetters / 2)}-${code.slice(codeLetters / 2)}`
}
