import { bytesOf, descriptors, textOf } from 'virtual:passkeys'
import { api } from './api.ts'

// New passkeys of this browser.

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
