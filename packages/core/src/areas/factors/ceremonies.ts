import * as z from 'zod'
import type { Json } from '../../kernel/json.ts'
import { minute } from '../../kernel/time.ts'
import { type Context, fields, signedIn } from '../../operations/index.ts'
import { newVoucher, type Passkey, passkeyKind, readVoucher, spendVoucher, type Voucher } from '../credentials/index.ts'
import { passkeyFailed } from './errors.ts'
import { relyingParty } from './relying-party.ts'
import { challengeIn, checkSigned, type Signed } from './webauthn.ts'

// A ceremony with a passkey has two calls: the first gives out a challenge, the second takes what the authenticator signed.
// The challenge is a voucher, so it says what it is for and is taken once.

export const challengeLifeMs = 5 * minute

/** What a challenge is for. One for another use is refused. */
export type Ceremony = 'register' | 'sign-in' | 'mfa' | 'reauth' | 'transaction' | 'vault'

interface NewChallenge {
  readonly ceremony: Ceremony
  readonly user: string | null
  readonly data?: Readonly<Record<string, Json>>
}

export function newChallenge(context: Context, { ceremony, user, data = {} }: NewChallenge): string {
  const use = useOf(ceremony)
  return newVoucher(context, { use, user, org: context.unit.org, lifeMs: challengeLifeMs, data })
}

/** The voucher of a challenge that an answer names. */
export function challengeOf(context: Context, ceremony: Ceremony, clientDataJson: string) {
  const text = challengeIn(clientDataJson)
  const voucher = text === null ? null : readVoucher(context, text, useOf(ceremony))
  return text !== null && voucher ? { text, voucher } : null
}

function useOf(ceremony: Ceremony): string {
  return `passkey.${ceremony}`
}

/** A passkey, as the server describes it to the browser. */
export const CredentialRef = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()),
})

/** What `navigator.credentials.get` is called with. */
export const AssertionOptions = z.object({
  challenge: z.string(),
  rp_id: z.string(),
  timeout: z.int(),
  user_verification: z.string(),
  allow_credentials: z.array(CredentialRef),
})

export function assertionOptions(context: Context, challenge: string, passkeys: readonly Passkey[]) {
  return {
    challenge,
    rp_id: relyingParty(context.settings).id,
    timeout: challengeLifeMs,
    user_verification: 'required',
    allow_credentials: passkeys.map(refOf),
  }
}

export function refOf({ credentialId: id, transports }: Passkey): z.infer<typeof CredentialRef> {
  return { id, type: 'public-key', transports: [...transports] }
}

const base64urlMax = 16_384

/** A text of an authenticator. */
export function base64urlField() {
  return fields.text(base64urlMax, 1).regex(/^[A-Za-z0-9_-]+$/, 'must be base64url without padding')
}

/** What `navigator.credentials.get` answered. */
export const assertionFields = {
  credential_id: base64urlField().describe('ID of the passkey, in base64url.'),
  authenticator_data: base64urlField().describe('What the authenticator signed, in base64url.'),
  client_data_json: base64urlField().describe('What the browser adds to it, in base64url.'),
  signature: base64urlField().describe('Signature of both, in base64url.'),
} as const

/** The same where another proof will do. */
export const optionalAssertion = {
  credential_id: optional('credential_id'),
  authenticator_data: optional('authenticator_data'),
  client_data_json: optional('client_data_json'),
  signature: optional('signature'),
} as const

function optional(name: keyof typeof assertionFields) {
  const field = assertionFields[name]
  return fields.optional(field).describe(field.description ?? '')
}

export type AssertionInput = { readonly [Name in keyof typeof assertionFields]: string }

export interface Asserted {
  readonly passkey: Passkey
  readonly voucher: Voucher
}

/**
 * Verifies the signature of a passkey, and spends its challenge. Null: refused, for any reason. Only the id of the passkey
 * determines its user (B22).
 */
export function takeAssertion(context: Context, ceremony: Ceremony, input: AssertionInput): Asserted | null {
  const { unit, now, settings } = context
  const challenge = challengeOf(context, ceremony, input.client_data_json)
  const passkey = unit.find(passkeyKind, 'credential', input.credential_id)
  if (!challenge || !passkey) return null
  const { voucher, text } = challenge
  if (voucher.user !== null && voucher.user !== passkey.user) return null
  const site = relyingParty(settings)
  const counter = unit.waitFor(() => checkSigned(signedOf(input), text, site, passkey))
  if (counter === null) return null
  spendVoucher(context, voucher)
  unit.put(passkeyKind, { ...passkey, counter, lastUsedAt: now })
  return { passkey, voucher }
}

/** The same for a passkey of the calling user. Throws otherwise. */
export function takeOwnAssertion(context: Context, ceremony: Ceremony, input: AssertionInput): Asserted {
  const asserted = takeAssertion(context, ceremony, input)
  if (asserted?.passkey.user !== signedIn(context).id) throw passkeyFailed()
  return asserted
}

function signedOf(input: AssertionInput): Signed {
  return {
    credentialId: input.credential_id,
    authenticatorData: input.authenticator_data,
    clientDataJson: input.client_data_json,
    signature: input.signature,
  }
}
