// What a server answers under load, and what it takes of the processor for that.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import autocannon from 'autocannon'
import type { Child } from './child.ts'
import { median, pathOf, seeded } from './vault.ts'

export interface Measured {
  readonly perSecond: number
  /** Of the whole server process, user and system, for one request. */
  readonly cpuUs: number
  readonly p50: number
  readonly p99: number
}

/** Fifty connections for so long, after a second that does not count. */
export async function underLoad(child: Child, options: autocannon.Options, seconds: number): Promise<Measured> {
  await autocannon({ connections: 50, duration: 1, ...options })
  const before = cpuUsOf(child.pid)
  const result = await autocannon({ connections: 50, duration: seconds, ...options })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were not a success`)
  const cpuUs = (cpuUsOf(child.pid) - before) / result.requests.total
  return { perSecond: result.requests.average, cpuUs, p50: result.latency.p50, p99: result.latency.p99 }
}

/** Each connection in an order of its own: all of them on one secret at a time would measure something else. */
export function vaultRequests(vault: Child, method: 'GET' | 'PUT'): autocannon.Options {
  const headers = { authorization: `Bearer ${vault.said.token}`, 'content-type': 'application/json' }
  const body = method === 'PUT' ? '{"value":"a new value"}' : undefined
  let connection = 0
  const setupClient = (client: autocannon.Client) => {
    const pick = seeded(7 + connection++)
    const paths = Array.from({ length: 200 }, () => pathTo(vault, pick(1_000)))
    client.setRequests(paths.map((path) => ({ method, path, headers, ...(body ? { body } : {}) })))
  }
  return { url: urlOf(vault), setupClient }
}

/** One client on one connection, one request after the other: the median round trip in microseconds. */
export async function alone(vault: Child, method: 'GET' | 'PUT', requests: number): Promise<number> {
  const pick = seeded(11)
  const body = method === 'PUT' ? '{"value":"a new value"}' : ''
  const socket = connect(Number(vault.said.port), '127.0.0.1')
  socket.setNoDelay(true)
  const taken: number[] = []
  for (let at = 0; at < requests; at++) {
    const begin = performance.now()
    const answered = answerOn(socket)
    socket.write(
      `${method} ${pathTo(vault, pick(1_000))} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${vault.said.token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
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

const pathTo = ({ said }: Child, at: number) => `/v1/vaults/${said.vaultId}/secrets/${pathOf(at)}`

export function urlOf({ said }: Child): string {
  return `http://127.0.0.1:${said.port}`
}

const ticksPerSecond = 100

function cpuUsOf(pid: number): number {
  const [user = 0, system = 0] =
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
  return ((user + system) / ticksPerSecond) * 1_000_000
}
