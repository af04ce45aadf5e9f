import { invalidField } from '../kernel/errors.ts'
import { isPublicHost } from '../kernel/public-addresses.ts'
import type { Services } from './engine.ts'

// The rule for every URL that a caller names and the engine calls later: webhooks, key sets of identity providers. The
// text is checked when the URL is stored. The egress port decides again at each call, when the name is resolved.

export const urlCharactersMax = 2_048

/**
 * Why the engine does not take this URL, or null. The URL must have HTTPS and a public host, or the operator allows exactly
 * this destination. Never repeats the URL.
 *
 * @example
 * outgoingUrlProblem(context, 'https://169.254.169.254/latest') // 'must have a public host …'
 */
export function outgoingUrlProblem({ egressPermits }: Pick<Services, 'egressPermits'>, text: string): string | null {
  if (text.length > urlCharactersMax) return `must have at most ${urlCharactersMax} characters`
  if (!URL.canParse(text) || /[\s\\]/.test(text)) return 'must be a URL'
  const { protocol, username, password, hostname } = new URL(text)
  if (`${username}${password}` !== '') return 'must not contain credentials'
  if (text.includes('#')) return 'must not have a fragment'
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https://'
  if (egressPermits(text)) return null
  if (protocol !== 'https:') return 'must begin with https://'
  return isPublicHost(hostname) ? null : notPublic
}

/** Returns the URL in its one form, or refuses the field. */
export function checkOutgoingUrl(context: Pick<Services, 'egressPermits'>, field: string, text: string): string {
  const problem = outgoingUrlProblem(context, text)
  if (problem !== null) throw invalidField(field, problem)
  return new URL(text).href
}

const notPublic =
  'must have a public host. The operator can allow another one with PAWL_EGRESS_ALLOW, and only for the whole installation'
