// What a server answers under load, and what it takes of the processor for that.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import autocannon from 'autocannon'
import type { Child } from './child.ts'
import type { Served } from './served.ts'
import { median, pathOf, seeded } from './vault.ts'

export interface Measured {
  readonly perSecond: number
  /** Of the whole server process, user and system, for one request. */
  readonly cpuUs: number
  readonly p50: number
  readonly p99: number
}

/** Fifty connections for so long, after a second that does not count. */
export async function underLoad(
  child: Pick<Child, 'pid'>,
  options: autocannon.Options,
  seconds: number,
): Promise<Measured> {
  await autocannon({ connections: 50, duration: 1, ...options })
  const before = cpuUsOf(child.pid)
  const result = await autocannon({ connections: 50, duration: seconds, ...options })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were not a success`)
  const cpuUs = (cpuUsOf(child.pid) - before) / result.requests.total
  return { perSecond: result.requests.average, cpuUs, p50: result.latency.p50, p99: result.latency.p99 }
}

/** The most memory that a server holds in any second of so many requests. */
export async function heldDuring(server: Served, options: autocannon.Options, amount: number): Promise<number> {
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, server.rssMb())
  }, 1_000)
  const { non2xx, errors } = await autocannon({ connections: 50, ...options, amount })
  clearInterval(watch)
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} answers were not a success, ${errors} did not come`)
  return most
}

/** How one secret is read and written. */
export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  pathTo(at: number): string
  readonly writes: { readonly method: 'PUT' | 'POST'; readonly body: string }
}

export function pawlIn({ said }: Pick<Child, 'said'>): Target {
  return {
    url: `http://127.0.0.1:${said.port}`,
    headers: { authorization: `Bearer ${said.token}`, 'content-type': 'application/json' },
    pathTo: (at) => `/v1/vaults/${said.vaultId}/secrets/${pathOf(at)}`,
    writes: { method: 'PUT', body: '{"value":"a new value"}' },
  }
}

export function openBaoIn({ said }: Child): Target {
  return {
    url: `http://127.0.0.1:${said.port}`,
    headers: { 'x-vault-token': `${said.token}`, 'content-type': 'application/json' },
    pathTo: (at) => `/v1/secret/data/${pathOf(at)}`,
    writes: { method: 'POST', body: '{"data":{"value":"a new value"}}' },
  }
}

/** Each connection in an order of its own: all of them on one secret at a time would measure something else. */
export function requestsOf(target: Target, what: 'reads' | 'writes' | 'both', secrets = 1_000): autocannon.Options {
  const { url, headers, pathTo } = target
  const writesIn10 = { reads: 0, both: 1, writes: 10 }[what]
  let connection = 0
  const setupClient = (client: autocannon.Client) => {
    const pick = seeded(7 + connection++)
    const request = () => ({
      path: pathTo(pick(secrets)),
      headers,
      ...(pick(10) < writesIn10 ? target.writes : reading),
    })
    client.setRequests(Array.from({ length: 200 }, request))
  }
  return { url, setupClient }
}

const reading = { method: 'GET' } as const

/** One client on one connection, one request after the other: the median round trip in microseconds. */
export async function alone(
  target: Target,
  what: 'reads' | 'writes',
  requests: number,
  secrets = 1_000,
): Promise<number> {
  const pick = seeded(11)
  const { method, body } = what === 'reads' ? { method: 'GET', body: '' } : target.writes
  const headers = Object.entries(target.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(Number(new URL(target.url).port), '127.0.0.1')
  socket.setNoDelay(true)
  const taken: number[] = []
  for (let at = 0; at < requests; at++) {
    const begin = performance.now()
    const answered = answerOn(socket)
    const path = target.pathTo(pick(secrets))
    socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers.join('')}content-length: ${body.length}\r\n\r\n${body}`,
    )
    await answered
    taken.push((performance.now() - begin) * 1_000)
  }
  socket.destroy()
  return median(taken.slice(requests / 10))
}

function answerOn(socket: ReturnType<typeof connect>): Promise<void> {
  return new Promise((resolve) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(text)
      if (end === -1 || text.length < end + 4 + Number(length?.[1] ?? 0)) return
      socket.off('data', take)
      resolve()
    }
    socket.on('data', take)
  })
}

const ticksPerSecond = 100

/** Of the whole process, user and system. */
export function cpuUsOf(pid: number): number {
  const [user = 0, system = 0] =
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
  return ((user + system) / ticksPerSecond) * 1_000_000
}
