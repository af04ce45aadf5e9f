import {
  type Egress,
  EgressDenied,
  EgressFailed,
  type EgressRequest,
  type EgressResponse,
  type EgressStreaming,
  type EgressStreamRequest,
  hex,
  utf8,
} from '@pawl/core/ports'
import { check, patient, type Runner, rejects } from './asserts.ts'

export interface OpenedEgress {
  /** The stream cases run only if the egress can stream. */
  readonly egress: Egress & Partial<EgressStreaming>
  /**
   * The origin of a server that the egress may call and that answers with `egressAnswer`. Left out for an egress that
   * calls nothing.
   */
  readonly origin?: string
}

/** A request that arrived at the server of the suite. */
export interface ArrivedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Uint8Array
}

/** The answer of the server of the suite; null if it must hold the connection without an answer. */
export function egressAnswer({ method, path, headers, body }: ArrivedRequest): EgressResponse | null {
  const [place, query] = path.split('?')
  if (place === '/silent') return null
  if (place === '/redirect') return { status: 302, headers: { location: '/echo' }, body: new Uint8Array() }
  if (place === '/large') return { status: 200, headers: {}, body: new Uint8Array(Number(query)).fill(1) }
  const echo = { method, path, header: headers['x-suite'] ?? null, body: hex(body) }
  return { status: 201, headers: { 'X-Echo': JSON.stringify(echo) }, body: utf8(method === 'HEAD' ? '' : 'echo') }
}

/** Hosts that are not allowed, spellings of this machine, and URLs that are not HTTP. */
const strangers = [
  'https://example.com/canary?canary=1#canary',
  'http://127.0.0.1/',
  'http://169.254.169.254/latest',
  'http://[::1]:1/',
  'http://[::ffff:169.254.169.254]/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://localhost./',
  'ftp://example.com/',
  'file:///etc/passwd',
  'data:text/plain,canary',
  'canary',
]

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * The behaviour of every egress: allowed requests arrive unchanged, and no other request is sent.
 *
 * @example
 * testEgress('myEgress', () => ({ egress: myEgress({ allow: [origin] }), origin }), { describe, it })
 */
export function testEgress(name: string, open: () => OpenedEgress, runner: Runner): void {
  const { describe, it } = patient(runner)
  describe(`${name}, an egress`, () => {
    it('denies every destination that nobody allowed, names who asked, and repeats nothing else', async () => {
      const { egress } = open()
      for (const url of strangers) await denies(egress, { url }, url)
    })

    it('permits, where it tells, only what it may call', () => {
      const { egress, origin } = open()
      for (const url of strangers) check(egress.permits?.(url) !== true, `${url} was permitted`)
      if (origin !== undefined) check(egress.permits?.(`${origin}/echo?a=1`) !== false, 'the server was not permitted')
    })
  })
  // Only when the tests run is it known whether there is a server to call.
  const calling = (title: string, test: (egress: Egress, origin: string) => Promise<void>) =>
    it(title, async () => {
      const { egress, origin } = open()
      if (origin !== undefined) await test(egress, origin)
    })
  describe(`${name}, an egress that may call a server`, () => testCalls(calling))
  const streaming: Streaming = (title, test) =>
    it(title, async () => {
      const { egress, origin } = open()
      if (origin !== undefined && streams(egress)) await test(egress, origin)
    })
  describe(`${name}, an egress that streams`, () => testStreams(streaming))
}

type Streaming = (title: string, test: (egress: EgressStreaming, origin: string) => Promise<void>) => void

function streams(egress: Egress & Partial<EgressStreaming>): egress is Egress & EgressStreaming {
  return egress.stream !== undefined
}

function testStreams(it: Streaming): void {
  it('sends what it was given, and gives the head and then the body of the answer', async (egress, origin) => {
    const given = { method: 'POST', headers: { 'x-suite': 'given' }, body: utf8('the body') } as const
    // More than once, so that a kept connection is used as well.
    for (const path of ['/echo?a=%2F', '/echo?b']) {
      const { status, headers, body } = await egress.stream(streamed({ url: `${origin}${path}`, ...given }))
      const echo = JSON.stringify({ method: 'POST', path, header: 'given', body: hex(given.body) })
      check(status === 201 && headers['x-echo'] === echo, `arrived as ${headers['x-echo']}`)
      check(hex(await allOf(body)) === hex(utf8('echo')), 'the body was another')
    }
    const { body } = await egress.stream(streamed({ url: `${origin}/large?1000000` }))
    check((await allOf(body)).length === 1_000_000, 'the body was cut')
  })

  it('gives a redirect as the head of the answer', async (egress, origin) => {
    const { status, headers, body } = await egress.stream(streamed({ url: `${origin}/redirect` }))
    check(status === 302 && headers.location === '/echo', `answered ${status}`)
    await allOf(body)
  })

  it('streams from nobody who is not allowed, and sends no header that changes where the request goes', async (egress, origin) => {
    const refuses = async (given: Partial<EgressStreamRequest> & { url: string }) => {
      const error = await rejects(() => egress.stream(streamed(given)), given.url)
      check(error instanceof EgressDenied && error.message.includes('webhook'), `threw ${error}`)
    }
    for (const url of strangers) await refuses({ url })
    await refuses({ url: `${origin}/echo`, headers: { Host: 'canary' } })
  })

  it('waits for the head no longer than it was told to', async (egress, origin) => {
    await fails(() => egress.stream(streamed({ url: `${origin}/silent?canary`, headMs: 50 })), 'a silent server')
  })

  it('ends with the reason of the signal, before the head and after it', async (egress, origin) => {
    const early = new AbortController()
    const waiting = egress.stream(streamed({ url: `${origin}/silent`, signal: early.signal }))
    early.abort(new Error('enough'))
    check((await rejects(() => waiting, 'aborting')) === early.signal.reason, 'threw another error than the reason')
    const late = new AbortController()
    const { body } = await egress.stream(streamed({ url: `${origin}/large?10000000`, signal: late.signal }))
    const error = await rejects(async () => {
      for await (const _ of body) late.abort(new Error('enough'))
    }, 'aborting a body')
    check(error === late.signal.reason, `threw ${error}, not the reason`)
  })
}

function streamed(given: Partial<EgressStreamRequest> & { url: string }): EgressStreamRequest {
  return { purpose: 'webhook', method: 'GET', headers: {}, headMs: 10_000, idleMs: 10_000, ...given }
}

async function allOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let all = new Uint8Array()
  for await (const piece of body) {
    const longer = new Uint8Array(all.length + piece.length)
    longer.set(all)
    longer.set(piece, all.length)
    all = longer
  }
  return all
}

function testCalls(it: (title: string, test: (egress: Egress, origin: string) => Promise<void>) => void): void {
  for (const method of methods) {
    it(`sends a ${method} as it was given, and gives the answer`, async (egress, origin) => {
      const body = method === 'GET' || method === 'HEAD' ? undefined : utf8('the body')
      const headers = { 'x-suite': 'given' }
      const answer = await egress.fetch(
        request({ url: `${origin}/echo?a=%2F`, method, headers, ...(body && { body }) }),
      )
      const echo = JSON.stringify({ method, path: '/echo?a=%2F', header: 'given', body: hex(body ?? utf8('')) })
      check(answer.status === 201, `the status was ${answer.status}`)
      check(answer.headers['x-echo'] === echo, `arrived as ${answer.headers['x-echo']}`)
      check(hex(answer.body) === hex(utf8(method === 'HEAD' ? '' : 'echo')), 'the body was another')
    })
  }

  it('gives a redirect as the answer', async (egress, origin) => {
    const { status, headers } = await egress.fetch(request({ url: `${origin}/redirect` }))
    check(status === 302 && headers.location === '/echo', `answered ${status}`)
  })

  it('gives an answer of as many bytes as are allowed, and none of more', async (egress, origin) => {
    const large = (bytes: number) => egress.fetch(request({ url: `${origin}/large?${bytes}` }))
    check((await large(100_000)).body.length === 100_000, 'the body was cut')
    await fails(() => large(100_001), 'an answer that is too long')
  })

  it('waits for an answer no longer than it was told to', async (egress, origin) => {
    await fails(() => egress.fetch(request({ url: `${origin}/silent?canary`, timeoutMs: 50 })), 'a silent server')
  })

  it('denies another scheme and another port of the same host, and credentials in the URL', async (egress, origin) => {
    const { host, protocol } = new URL(origin)
    await denies(egress, { url: `${protocol === 'http:' ? 'https' : 'http'}://${host}/canary` }, 'another scheme')
    await denies(egress, { url: `${origin.replace(/:\d+$/, '')}:1/canary` }, 'another port')
    await denies(egress, { url: `${protocol}//canary:canary@${host}/` }, 'credentials')
  })

  it('refuses headers that would be several, or change where the request goes or ends', async (egress, origin) => {
    const url = `${origin}/echo`
    for (const [header, value] of [
      ['x-a', 'canary\r\nx-b: 1'],
      ['x-a', 'canary\n'],
      ['x-a\r\nx-canary', '1'],
      ['x canary', '1'],
      ['', 'canary'],
      ['Host', 'canary'],
      ['Content-Length', '1'],
      ['transfer-encoding', 'chunked'],
      ['Connection', 'upgrade'],
    ] as const) {
      await denies(egress, { url, headers: { [header]: value } }, `the header ${JSON.stringify(header)}`)
    }
  })
}

const limits = { timeoutMs: 10_000, responseBytesMax: 100_000 }

function request(given: Partial<EgressRequest> & { url: string }): EgressRequest {
  return { purpose: 'webhook', method: 'GET', headers: {}, ...limits, ...given }
}

async function denies(egress: Egress, given: Partial<EgressRequest> & { url: string }, what: string): Promise<void> {
  const headers = { authorization: 'Bearer canary' }
  const error = await rejects(() => egress.fetch(request({ headers, body: utf8('canary'), ...given })), what)
  check(error instanceof EgressDenied, `${what}: threw ${error}`)
  check(error.message.includes('webhook') && !error.message.includes('canary'), `${what}: said ${error.message}`)
}

async function fails(call: () => Promise<unknown>, what: string): Promise<void> {
  const error = await rejects(call, what)
  check(error instanceof EgressFailed, `${what}: threw ${error}`)
  check(error.message.includes('webhook') && !error.message.includes('canary'), `${what}: said ${error.message}`)
}
