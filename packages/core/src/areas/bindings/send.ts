import type { Json } from '../../kernel/json.ts'
import { scrubber, searchableText } from '../../kernel/scrubber.ts'
import type { Engine } from '../../operations/index.ts'
import { EgressDenied, EgressFailed, type EgressResponse } from '../../ports/egress.ts'
import type { Method } from './config.ts'
import { isShown } from './headers.ts'
import type { Binding } from './records.ts'
import type { Filled } from './request.ts'

const responseBytesMax = 1024 * 1024

/** The result of one call, without the credential. */
export interface Sent {
  readonly status: 'success' | 'error'
  readonly result: Readonly<Record<string, Json>> | undefined
  readonly httpStatus: number | null
  readonly bodyBytes: number | null
  readonly error: string | null
  readonly redactions: number
}

/** Sends one call. Any response of the service counts as success. The agent gets its status. */
export async function send(
  engine: Engine,
  { name }: Pick<Binding, 'name'>,
  { method, timeoutMs }: { method: Method; timeoutMs: number },
  { url, headers, body, secrets }: Filled,
): Promise<Sent> {
  // The agent knows which server it calls.
  const scrub = scrubber(secrets, [`${new URL(url).origin}/`])
  const request = { purpose: `binding:${name}`, method, url, headers, timeoutMs, responseBytesMax }
  try {
    const response = await engine.egress.fetch(body === undefined ? request : { ...request, body })
    return answered(response, scrub)
  } catch (error) {
    if (!(error instanceof EgressDenied || error instanceof EgressFailed)) {
      // Without the error, because it can contain the URL, and the URL can contain the credential.
      engine.log('error', 'a call through a binding failed with an internal error', { binding: name })
      return failed('The call failed with an internal error. The service may still have received it.', 0)
    }
    const { text, count } = scrub(error.message)
    // Not in the audit trail, because an agent can read its own events there.
    const detail = error instanceof EgressDenied ? error.detail : null
    if (detail !== null) engine.log('warn', 'a call through a binding was not sent', { binding: name, detail })
    return failed(text, count)
  }
}

function failed(error: string, redactions: number): Sent {
  return { status: 'error', result: undefined, httpStatus: null, bodyBytes: null, error, redactions }
}

/** A part of an answer could be a slice of the credential, which is too short to be found. */
function isPart({ status, headers }: EgressResponse): boolean {
  const type = headers['content-type'] ?? ''
  return status === 206 || headers['content-range'] !== undefined || /multipart\/byteranges/i.test(type)
}

function answered(response: EgressResponse, scrub: ReturnType<typeof scrubber>): Sent {
  const { status, headers, body } = response
  if (isPart(response)) {
    return {
      ...failed('The service answered with only a part of the content, which Pawl does not pass on.', 0),
      httpStatus: status,
    }
  }
  let redactions = 0
  const clean = (text: string) => {
    const { text: without, count } = scrub(text)
    redactions += count
    return without
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  const text = encoding === 'identity' ? searchableText(body) : null
  const shown = Object.entries(headers).filter(([header]) => isShown(header))
  const result = {
    status,
    headers: Object.fromEntries(shown.map(([header, value]) => [header, clean(value)])),
    // Data that is not text cannot be searched for the credential, so it is not shown.
    body: text === null ? null : clean(text),
    body_bytes: body.length,
  }
  return { status: 'success', result, httpStatus: status, bodyBytes: body.length, error: null, redactions }
}
