import { type Egress, EgressDenied, EgressFailed, type EgressRequest } from '@pawl/core/ports'

/**
 * Outgoing calls for tests: to services on this machine, at any port, and nowhere else. `startLocalVault` and `testPawl`
 * use it, so that a binding can call a fake service.
 *
 * @example
 * const world = await testPawl({ egress: loopbackEgress() })    // the default
 */
export function loopbackEgress(): Egress {
  return {
    permits: (text) => URL.canParse(text) && isLoopback(new URL(text)),
    fetch: async (request) => {
      const url = URL.canParse(request.url) ? new URL(request.url) : null
      if (!url || !isLoopback(url)) {
        const host = url?.host ?? 'no URL'
        throw new EgressDenied(
          `Not sent (${request.purpose}): to ${host} is not allowed. A vault for tests calls only http://127.0.0.1, http://[::1] and http://localhost. Set egress to allow more, as PAWL_EGRESS_ALLOW does on a server.`,
        )
      }
      return call(request, url)
    },
  }
}

function isLoopback({ protocol, hostname, username, password }: URL): boolean {
  return (
    protocol === 'http:' && `${username}${password}` === '' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  )
}

async function call({ purpose, method, headers, body, timeoutMs, responseBytesMax }: EgressRequest, url: URL) {
  const failed = (why: string) => new EgressFailed(`No answer from ${url.host} (${purpose}): ${why}.`)
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, {
      ...{ method, headers, redirect: 'manual', signal },
      ...(body && { body: new Uint8Array(body) }),
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (bytes.length > responseBytesMax) throw failed(`the answer has more than ${responseBytesMax} bytes`)
    return { status: response.status, headers: Object.fromEntries(response.headers), body: bytes }
  } catch (error) {
    throw error instanceof EgressFailed ? error : failed('the connection failed')
  }
}
