import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import type { Engine } from '../../operations/index.ts'
import { EgressDenied, EgressFailed, type EgressResponse } from '../../ports/egress.ts'
import { issuerUnavailable } from './errors.ts'

const timeoutMs = 10_000
const answerBytesMax = 256 * 1024

interface Asked {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sends a form with POST. Default: GET. */
  readonly form?: Readonly<Record<string, string>>
}

export interface JsonAnswer {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
}

/** Asks an identity provider through the egress port. Throws `issuer_unavailable` without an answer that is a JSON object. */
export async function fetchJson(engine: Pick<Engine, 'egress' | 'log'>, asked: Asked): Promise<JsonAnswer> {
  const { url, headers = {}, form } = asked
  const answer = await engine.egress
    .fetch({
      purpose: 'oidc',
      method: form ? 'POST' : 'GET',
      url,
      headers: {
        accept: 'application/json',
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(form && { body: utf8(new URLSearchParams(form).toString()) }),
      timeoutMs,
      responseBytesMax: answerBytesMax,
    })
    .catch((error: unknown) => {
      if (!(error instanceof EgressDenied || error instanceof EgressFailed)) throw error
      const detail = error instanceof EgressDenied ? error.detail : null
      engine.log('warn', 'an identity provider did not answer', { reason: error.message, detail })
      throw issuerUnavailable({ reason: error.message })
    })
  const json = objectIn(answer)
  if (!json) throw issuerUnavailable({ reason: `${new URL(url).host} answered ${answer.status}, and no JSON object.` })
  return { status: answer.status, json }
}

/** The object of an answer that must be a success. */
export function httpOk({ status, json }: JsonAnswer, url: string): Readonly<Record<string, unknown>> {
  if (status === 200) return json
  throw issuerUnavailable({ reason: `${new URL(url).host} answered ${status}.` })
}

function objectIn({ body }: EgressResponse): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(fromUtf8(body))
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
