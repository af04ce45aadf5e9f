/**
 * The use of a passkey, as JavaScript for a browser. The pages with a passkey form contain it. The dashboard
 * imports it as the module `virtual:passkeys`. Binary values are base64url, as in the input of the operations.
 */
export const passkeyScript = `
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const descriptors = (known) => known.map(({ id, transports }) => ({ type: 'public-key', id: bytesOf(id), transports }))
const signWithPasskey = async (asked) => {
  const { challenge = '', rp_id, timeout, user_verification = 'required', allow_credentials = [] } = asked
  const { rawId, response } = await navigator.credentials.get({ publicKey: {
    challenge: bytesOf(challenge),
    rpId: rp_id,
    timeout,
    userVerification: user_verification,
    allowCredentials: descriptors(allow_credentials),
  } })
  return {
    credential_id: textOf(rawId),
    authenticator_data: textOf(response.authenticatorData),
    client_data_json: textOf(response.clientDataJSON),
    signature: textOf(response.signature),
  }
}
`
