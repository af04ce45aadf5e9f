import type { Origin } from '@pawl/core'
import { identifyRouterKey } from '@pawl/core/shroud'
import { bearerOf } from '../web/bearer.ts'
import { RequestRejected } from '../web/errors.ts'
import type { Served } from './served.ts'

// Identifies the caller. If the header of Shroud has a key, only that key counts: the `Authorization` header belongs to a
// provider, and Shroud neither reads it nor passes it on.

/** The credential for the engine, and what else the key says about the request. */
export interface Shown {
  readonly origin: Origin
  /** The agent that the header names as the owner of the key. */
  readonly agentId: string | undefined
  readonly routerKeyId: string | undefined
}

type Header = (name: string) => string | undefined

const missing = 'missing X-Shroud-Agent-Key header'
const malformed = "invalid agent key format: expected 'agent_id:api_key'"

const routerKey = /^sk-shroud-v1-/
const agentKey = /^ocv_[A-Za-z0-9_-]{1,128}$/
const token = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** Whether a header contains a key of Pawl. */
export function showsKey(header: Header): boolean {
  return credentialIn(header) !== null
}

/** Throws the error that clients of Shroud know: 401 with a fixed message. */
export async function shownBy(pawl: Served, header: Header): Promise<Shown> {
  const credential = credentialIn(header)
  if (credential === null) throw unauthenticated(missing)
  const { text, isOwnHeader } = credential
  if (routerKey.test(text)) {
    const { id, agent_id } = await pawl.perform(identifyRouterKey, { key: text }, {})
    return { origin: { trusted: { agent: agent_id, isRemote: true } }, agentId: agent_id, routerKeyId: id }
  }
  if (agentKey.test(text) || token.test(text))
    return { origin: { bearer: text }, agentId: undefined, routerKeyId: undefined }
  const parts = text.split(':')
  const [agentId, key] = parts
  if (!isOwnHeader || parts.length !== 2 || !agentId || !key) throw unauthenticated(malformed)
  return { origin: { bearer: key }, agentId, routerKeyId: undefined }
}

interface Credential {
  readonly text: string
  readonly isOwnHeader: boolean
}

/** Tools without support for Shroud send a router key in place of the provider's key. */
function credentialIn(header: Header): Credential | null {
  const own = header('x-shroud-agent-key')?.trim()
  if (own !== undefined) return own === '' ? null : { text: own, isOwnHeader: true }
  const bearer = bearerOf(header('authorization'))
  const others = [header('x-api-key'), header('x-goog-api-key')].map((text) => text?.trim())
  const isBearer = bearer !== null && (routerKey.test(bearer) || agentKey.test(bearer) || token.test(bearer))
  const text = isBearer ? bearer : others.find((one) => one !== undefined && routerKey.test(one))
  return text === undefined ? null : { text, isOwnHeader: false }
}

function unauthenticated(message: string): RequestRejected {
  return new RequestRejected(401, 'not_authenticated', message)
}
