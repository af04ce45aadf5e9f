import { api } from './api.ts'

// Passkeys of this browser. Binary values travel as base64url, as the operations take them.

interface Known {
  readonly id: string
  readonly transports: readonly string[]
}

/** Makes a passkey in this browser. The person confirms it there. Throws when the person cancels. */
export async function makePasskey() {
  const begun = await api.factors.beginPasskey()
  const { challenge, rp_id, rp_name, user_id, user_name, user_display_name, timeout } = begun
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytesOf(challenge),
      rp: { id: rp_id, name: rp_name },
      user: { id: bytesOf(user_id), name: user_name, displayName: user_display_name },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: descriptors(begun.exclude_credentials),
      authenticatorSelection: begun.authenticator_selection as AuthenticatorSelectionCriteria,
      attestation: 'none',
      timeout,
    },
  })
  const { rawId, response } = made as PublicKeyCredential & { readonly response: AuthenticatorAttestationResponse }
  return {
    credential_id: textOf(rawId),
    attestation_object: textOf(response.attestationObject),
    client_data_json: textOf(response.clientDataJSON),
    transports: response.getTransports(),
  }
}

interface Asked {
  readonly challenge?: string | undefined
  readonly rp_id?: string | undefined
  readonly timeout?: number | undefined
  readonly allow_credentials?: readonly Known[] | undefined
}

/** Signs a challenge of the server with a passkey. Throws when the person cancels. */
export async function signWithPasskey({ challenge = '', rp_id = '', timeout = 60_000, allow_credentials = [] }: Asked) {
  const signed = await navigator.credentials.get({
    publicKey: {
      challenge: bytesOf(challenge),
      rpId: rp_id,
      allowCredentials: descriptors(allow_credentials),
      userVerification: 'required',
      timeout,
    },
  })
  const { rawId, response } = signed as PublicKeyCredential & { readonly response: AuthenticatorAssertionResponse }
  return {
    credential_id: textOf(rawId),
    authenticator_data: textOf(response.authenticatorData),
    client_data_json: textOf(response.clientDataJSON),
    signature: textOf(response.signature),
  }
}

function descriptors(known: readonly Known[]): PublicKeyCredentialDescriptor[] {
  return known.map(({ id, transports }) => ({
    type: 'public-key',
    id: bytesOf(id),
    transports: [...transports] as AuthenticatorTransport[],
  }))
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
}

function textOf(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
