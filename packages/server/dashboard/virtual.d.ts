declare module 'virtual:tokens.css'

/** See src/web/passkeys.ts. */
declare module 'virtual:passkeys' {
  interface Known {
    readonly id: string
    readonly transports: readonly string[]
  }

  interface Asked {
    readonly challenge?: string | undefined
    readonly rp_id?: string | undefined
    readonly timeout?: number | undefined
    readonly user_verification?: string | undefined
    readonly allow_credentials?: readonly Known[] | undefined
  }

  interface Signed {
    readonly credential_id: string
    readonly authenticator_data: string
    readonly client_data_json: string
    readonly signature: string
  }

  /** Signs a challenge of the server with a passkey. Rejects when the person cancels. */
  export function signWithPasskey(asked: Asked): Promise<Signed>
  export function descriptors(known: readonly Known[]): PublicKeyCredentialDescriptor[]
  export function bytesOf(text: string): Uint8Array<ArrayBuffer>
  export function textOf(bytes: ArrayBuffer): string
}
