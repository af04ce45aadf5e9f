import type { IncomingMessage } from 'node:http'
import { RequestRejected } from '../web/errors.ts'
import { shownBy } from './keys.ts'
import type { Served } from './served.ts'

const transactions = /^\/v1\/agents\/([^/]+)\/transactions(?:\/[^/]+)*$/

/** Whether Shroud shares this path with the API. */
export function isTransaction(path: string): boolean {
  return transactions.test(path)
}

/** The request in the format of the API: with the agent's key as bearer token, and without the headers of Shroud. */
export async function asApiRequest(
  pawl: Served,
  request: IncomingMessage,
  path: string,
  header: (name: string) => string | undefined,
): Promise<IncomingMessage> {
  const { origin, agentId, routerKeyId } = await shownBy(pawl, header)
  // A router key is only for models. It cannot sign.
  if (routerKeyId !== undefined || !origin.bearer)
    throw new RequestRejected(403, 'not_for_router_keys', 'A router key calls models only.')
  const [, named] = transactions.exec(path) ?? []
  if (agentId !== undefined && named !== agentId && named !== 'me')
    throw new RequestRejected(401, 'wrong_agent', 'The key in X-Shroud-Agent-Key is not a key of this agent.')
  for (const name of Object.keys(request.headers)) if (name.startsWith('x-shroud-')) delete request.headers[name]
  request.headers.authorization = `Bearer ${origin.bearer}`
  return request
}
