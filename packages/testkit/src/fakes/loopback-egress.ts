import {
  type Egress,
  EgressDenied,
  EgressFailed,
  type EgressRequest,
  type EgressStream,
  type EgressStreaming,
  type EgressStreamRequest,
  isThisMachine,
} from '@pawl/core/ports'

/**
 * Outgoing calls for tests: to services on this machine, at any port, and nowhere else. `startLocalVault` and `testPawl`
 * use it, so that a binding can call a fake service.
 *
 * @example
 * const world = await testPawl({ egress: loopbackEgress() })    // the default
 */
export function loopbackEgress(): Egress & EgressStreaming {
  return {
    permits: (text) => URL.canParse(text) && isLoopback(new URL(text)),
    fetch: async (request) => call(request, allowed(request)),
    stream: async (request) => stream(request, allowed(request)),
  }
}

function allowed({ purpose, url: given }: Pick<EgressRequest, 'purpose' | 'url'>): URL {
  const url = URL.canParse(given) ? new URL(given) : null
  if (url && isLoopback(url)) return url
  throw new EgressDenied(
    `Not sent (${purpose}): to ${url?.host ?? 'no URL'} is not allowed. A vault for tests calls only http://127.0.0.1, http://[::1] and http://localhost. Set egress to allow more, as PAWL_EGRESS_ALLOW does on a server.`,
  )
}

function isLoopback({ protocol, hostname, username, password }: URL): boolean {
  return protocol === 'http:' && `${username}${password}` === '' && isThisMachine(hostname)
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

/** Without the time limits of a real one: a test that hangs is seen. */
async function stream(
  { purpose, method, headers, body, signal }: EgressStreamRequest,
  url: URL,
): Promise<EgressStream> {
  const failed = () => {
    signal?.throwIfAborted()
    return new EgressFailed(`No answer from ${url.host} (${purpose}): the connection failed.`)
  }
  const response = await fetch(url, {
    ...{ method, headers, redirect: 'manual' },
    ...(body && { body: new Uint8Array(body) }),
    ...(signal && { signal }),
  }).catch(() => {
    throw failed()
  })
  return { status: response.status, headers: Object.fromEntries(response.headers), body: pieces(response, failed) }
}

async function* pieces({ body }: Response, failed: () => EgressFailed): AsyncGenerator<Uint8Array> {
  if (!body) return
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>
  } catch {
    throw failed()
  }
}
