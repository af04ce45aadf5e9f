import type { VerifiedRegistrationResponse } from '@simplewebauthn/server'
import { base64url, fromBase64url, fromUtf8 } from '../../kernel/bytes.ts'
import type { Passkey } from '../credentials/index.ts'
import type { RelyingParty } from './relying-party.ts'

// What authenticators answer, checked with @simplewebauthn/server. It is loaded at the first passkey, because few vaults
// need it and it loads slowly.

/** What an authenticator made. All texts are base64url. */
export interface Made {
  readonly credentialId: string
  readonly attestationObject: string
  readonly clientDataJson: string
}

/** What an authenticator signed. All texts are base64url. */
export interface Signed {
  readonly credentialId: string
  readonly authenticatorData: string
  readonly clientDataJson: string
  readonly signature: string
}

/** EdDSA, ES256 and RS256: what authenticators offer today. */
const algorithms = [-8, -7, -257]

/** The challenge that an answer names. Null if the text is none of a browser. */
export function challengeIn(clientDataJson: string): string | null {
  try {
    const { challenge } = JSON.parse(fromUtf8(fromBase64url(clientDataJson) ?? new Uint8Array(0)))
    return typeof challenge === 'string' ? challenge : null
  } catch {
    return null
  }
}

/** Returns the new passkey, or null if the answer proves none. */
export async function checkMade(
  { credentialId: id, attestationObject, clientDataJson: clientDataJSON }: Made,
  challenge: string,
  site: RelyingParty,
): Promise<Pick<Passkey, 'publicKey' | 'counter'> | null> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const checked = await verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { attestationObject, clientDataJSON },
    },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => null)
  return checked?.verified ? made(checked, id) : null
}

function made({ registrationInfo }: VerifiedRegistrationResponse, id: string) {
  const credential = registrationInfo?.credential
  // The id that the authenticator signed is the one that counts.
  if (!credential || credential.id !== id) return null
  return { publicKey: base64url(credential.publicKey), counter: credential.counter }
}

/**
 * Returns whether the authenticator proves its model with certificates. Pawl does not request that. To check the certificates,
 * the library would call servers that they name.
 */
export async function bringsCertificates(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  try {
    const decoded = decodeAttestationObject(fromBase64url(attestationObject) ?? new Uint8Array(0))
    const format = decoded.get('fmt')
    return format !== 'none' && !(format === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
  } catch {
    return false
  }
}

/** Returns the new count of uses, or null if the answer is not signed by this passkey for this challenge. */
export async function checkSigned(
  { credentialId: id, authenticatorData, clientDataJson: clientDataJSON, signature }: Signed,
  challenge: string,
  site: RelyingParty,
  { publicKey, counter }: Passkey,
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const checked = await verifyAuthenticationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { authenticatorData, clientDataJSON, signature },
    },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
    credential: { id, publicKey: fromBase64url(publicKey) ?? new Uint8Array(0), counter },
  }).catch(() => null)
  return checked?.verified ? checked.authenticationInfo.newCounter : null
}
