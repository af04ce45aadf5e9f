import {
  type Egress,
  EgressDenied,
  EgressFailed,
  type EgressRequest,
  type EgressResponse,
  type EgressStream,
  type EgressStreaming,
  type EgressStreamRequest,
} from '@pawl/core/ports'
import { noEgress } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { egressAnswer, testEgress } from '../../src/conformance/egress.ts'
import { casesOf } from './cases.ts'

const origin = 'https://server.example:8443'

type Faults = Partial<Record<keyof typeof faults, true>>

const faults = {
  'answers everybody': 'denies every destination that nobody allowed, names who asked, and repeats nothing else',
  'repeats the URL that it denies':
    'denies every destination that nobody allowed, names who asked, and repeats nothing else',
  'does not know PATCH': 'sends a PATCH as it was given, and gives the answer',
  'drops the body': 'sends a POST as it was given, and gives the answer',
  'sends a body that nobody gave': 'sends a GET as it was given, and gives the answer',
  'drops headers': 'sends a HEAD as it was given, and gives the answer',
  'undoes escapes': 'sends a PUT as it was given, and gives the answer',
  'says 200 to everything': 'sends a DELETE as it was given, and gives the answer',
  'follows redirects': 'gives a redirect as the answer',
  'cuts what is too long': 'gives an answer of as many bytes as are allowed, and none of more',
  'waits for ever, and says that all is well': 'waits for an answer no longer than it was told to',
  'looks at the host alone': 'denies another scheme and another port of the same host, and credentials in the URL',
  'takes credentials': 'denies another scheme and another port of the same host, and credentials in the URL',
  'passes headers on as they are': 'refuses headers that would be several, or change where the request goes or ends',
  'permits what it denies': 'permits, where it tells, only what it may call',
  'streams half of the body': 'sends what it was given, and gives the head and then the body of the answer',
  'follows redirects when it streams': 'gives a redirect as the head of the answer',
  'streams from everybody':
    'streams from nobody who is not allowed, and sends no header that changes where the request goes',
  'waits for ever for the head': 'waits for the head no longer than it was told to',
  'does not hear the signal': 'ends with the reason of the signal, before the head and after it',
} as const

testEgress('noEgress', () => ({ egress: noEgress }), { describe, it })
testEgress('the model that is broken below', () => ({ egress: model({}), origin }), { describe, it })

describe('the egress suite', () => {
  it.each(Object.entries(faults))('turns red for an egress that %s', async (fault, foundBy) => {
    const body = casesFor({ [fault]: true }).get(foundBy)
    expect(body, `there is no case "${foundBy}"`).toBeDefined()
    await expect(body?.()).rejects.toThrow()
  })

  it('has no case that no fault turns red', () => {
    expect(new Set(casesFor({}).keys())).toEqual(new Set(Object.values(faults)))
  })
})

const casesFor = (broken: Faults) =>
  casesOf((runner) => testEgress('broken', () => ({ egress: model(broken), origin }), runner))

/** An egress to the server of the suite without a network between, and ways to get it wrong. */
function model(broken: Faults): Egress & EgressStreaming {
  const arrive = (given: EgressRequest, path: string): EgressResponse | null => {
    const method = given.method === 'PATCH' && broken['does not know PATCH'] ? 'POST' : given.method
    const headers = broken['drops headers'] ? {} : given.headers
    const body = broken['drops the body'] ? undefined : given.body
    const added = broken['sends a body that nobody gave'] ? Uint8Array.of(1) : new Uint8Array()
    return egressAnswer({
      ...{ method, headers, body: body ?? added },
      path: broken['undoes escapes'] ? decodeURIComponent(path) : path,
    })
  }
  const allowed = (url: URL, headers: EgressRequest['headers']) => {
    const isOrigin = url.origin === origin || (broken['looks at the host alone'] && url.hostname === 'server.example')
    const isPlain = url.username === '' || broken['takes credentials']
    const isWhole = Object.entries(headers).every(
      ([name, value]) => /^(authorization|x-[a-z]+)$/.test(name) && !/[\r\n]/.test(value),
    )
    return isOrigin && isPlain && (isWhole || broken['passes headers on as they are'])
  }
  const stream: EgressStreaming['stream'] = async (given) => {
    const url = URL.canParse(given.url) ? new URL(given.url) : null
    const isAllowed = (url !== null && allowed(url, given.headers)) || broken['streams from everybody']
    if (!isAllowed) throw new EgressDenied('webhook')
    const path = url ? `${url.pathname}${url.search}` : '/'
    const asked = { ...given, timeoutMs: given.headMs, responseBytesMax: 0 }
    const first = arrive(asked, path)
    const answer = first?.status === 302 && broken['follows redirects when it streams'] ? arrive(asked, '/echo') : first
    if (!answer) return silence(given)
    const lower = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]))
    return { ...answer, headers: lower, body: inPieces(answer.body, given.signal) }
  }
  const silence = async ({ signal, headMs }: EgressStreamRequest): Promise<EgressStream> => {
    if (broken['does not hear the signal'] && signal) throw new Error('heard nothing')
    // Not even a moment, because whoever waits here has said that nothing else will happen.
    const aborted = new Promise<never>((_, reject) => {
      if (signal) signal.addEventListener('abort', () => reject(signal.reason))
      else if (headMs > 1_000 || !broken['waits for ever for the head']) reject(new EgressFailed('webhook'))
      else reject(new Error('waited for ever'))
    })
    return aborted
  }
  async function* inPieces(body: Uint8Array, signal: AbortSignal | undefined) {
    const half = Math.ceil(body.length / 2)
    yield body.subarray(0, half)
    if (!broken['does not hear the signal']) signal?.throwIfAborted()
    if (!broken['streams half of the body']) yield body.subarray(half)
  }
  return {
    permits: (url) => broken['permits what it denies'] === true || (URL.canParse(url) && allowed(new URL(url), {})),
    stream,
    fetch: async (given) => {
      const denied = new EgressDenied(`webhook${broken['repeats the URL that it denies'] ? given.url : ''}`)
      if (!URL.canParse(given.url) && !broken['answers everybody']) throw denied
      const url = new URL(given.url, origin)
      if (!allowed(url, given.headers) && !broken['answers everybody']) throw denied
      const first = arrive(given, `${url.pathname}${url.search}`)
      const answer = first?.status === 302 && broken['follows redirects'] ? arrive(given, '/echo') : first
      if (!answer && !broken['waits for ever, and says that all is well']) throw new EgressFailed('webhook')
      const { status = 200, headers = {}, body = new Uint8Array() } = answer ?? {}
      if (body.length > given.responseBytesMax && !broken['cuts what is too long']) throw new EgressFailed('webhook')
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
      return { status: broken['says 200 to everything'] ? 200 : status, headers: lower, body }
    },
  }
}
