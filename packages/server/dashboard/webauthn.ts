// What a passkey of this browser signs. Binary values travel as base64url, as the operations take them.

export interface Known {
  readonly id: string
  readonly transports: readonly string[]
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

export function descriptors(known: readonly Known[]): PublicKeyCredentialDescriptor[] {
  return known.map(({ id, transports }) => ({
    type: 'public-key',
    id: bytesOf(id),
    transports: [...transports] as AuthenticatorTransport[],
  }))
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
}

export function textOf(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
