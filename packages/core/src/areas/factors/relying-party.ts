import { defineError } from '../../kernel/errors.ts'
import type { Settings } from '../../operations/index.ts'

export const passkeysUnavailable = defineError(
  'passkeys_unavailable',
  'unavailable',
  'Passkeys need a public URL with a domain name, or http://localhost. The operator sets PAWL_PUBLIC_URL.',
)

/** The site that a passkey is bound to. */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
  readonly name: string
}

/** Whether browsers can have passkeys for the public URL. */
export function hasPasskeys(settings: Pick<Settings, 'publicUrl'>): boolean {
  try {
    return relyingParty(settings).id !== ''
  } catch (error) {
    if (passkeysUnavailable.is(error)) return false
    throw error
  }
}

/** It follows from the configured public URL alone, never from a request. Passkeys of another site prove nothing here. */
export function relyingParty({ publicUrl }: Pick<Settings, 'publicUrl'>): RelyingParty {
  const { protocol, hostname, port } = new URL(publicUrl)
  // Browsers bind passkeys to names. The name of a loopback address is localhost.
  const isLoopback = hostname === '127.0.0.1' || hostname === '[::1]'
  const id = isLoopback ? 'localhost' : hostname
  const isSecure = protocol === 'https:' || id === 'localhost' || id.endsWith('.localhost')
  const isName = /[a-z]/i.test(id) && !id.startsWith('[')
  if (!isSecure || !isName) throw passkeysUnavailable()
  return { id, origin: `${protocol}//${id}${port && `:${port}`}`, name: 'Pawl' }
}
