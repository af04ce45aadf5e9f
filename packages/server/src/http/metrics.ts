import { createHash, timingSafeEqual } from 'node:crypto'
import { type Around, type ErrorKind, type Pawl, PawlError } from '@pawl/core'
import { HsmError } from '@pawl/core/ports'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Access } from './log.ts'

export interface Metrics {
  observe(access: Access): void
  /** For `createPawl`, which then counts denials, jobs and scheduled tasks. */
  readonly around: Around
  /** Whether the caller with this bearer token may read the metrics. */
  mayRead(bearer: string | null): boolean
  text(): Promise<string>
  readonly contentType: string
}

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])

export interface PrometheusOptions {
  /** The bearer token of a scraper. Null: every client that can reach the port may read. */
  readonly token?: string | null
  /** The status of the engine, read at each scrape. Default: its metrics are left out. */
  readonly status?: Pawl['status']
}

export function prometheus({ token = null, status }: PrometheusOptions = {}): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const labelNames = ['method', 'route', 'status'] as const
  const registers = [registry]
  const requests = new Counter({
    name: 'pawl_http_requests_total',
    help: 'Number of answered requests.',
    labelNames,
    registers,
  })
  const seconds = new Histogram({
    name: 'pawl_http_request_seconds',
    help: 'Duration of requests, in seconds.',
    labelNames: ['route'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  })
  const refresh = status ? stateOf(registers, status) : async () => {}
  return {
    contentType: registry.contentType,
    // Labels are declared templates and known methods, so that no caller can create a new series (G7).
    observe: ({ method, route, status, ms }) => {
      requests.inc({ method: route !== '' && methods.has(method) ? method : 'any', route, status })
      seconds.observe({ route }, ms / 1000)
    },
    around: countWork(registers),
    mayRead: (bearer) => token === null || isSame(bearer ?? '', token),
    text: async () => {
      await refresh()
      return registry.metrics()
    },
  }
}

const hsmStatuses = ['ok', 'sealed', 'degraded', 'unavailable'] as const

function stateOf(registers: Registry[], status: Pawl['status']): () => Promise<void> {
  const hsmStatus = new Gauge({
    name: 'pawl_hsm_status',
    help: '1 for the status that the key store has, 0 for the others.',
    labelNames: ['status'] as const,
    registers,
  })
  const lag = new Gauge({
    name: 'pawl_audit_sink_lag_events',
    help: 'Number of audit events that the audit sink has not acknowledged. Missing without a sink and while sealed.',
    registers,
  })
  const keyStoreUp = new Gauge({
    name: 'pawl_key_store_up',
    help: '1 while a key store of organisations is available, else 0. While it is 0, the vaults in it are sealed.',
    labelNames: ['key_store'] as const,
    registers,
  })
  const isSealed = new Gauge({ name: 'pawl_sealed', help: '1 while the vault is sealed, else 0.', registers })
  return async () => {
    const { hsm, keyStores, auditSinkLag } = await status()
    for (const { name, status: one } of keyStores) keyStoreUp.set({ key_store: name }, one === 'ok' ? 1 : 0)
    isSealed.set(hsm === 'sealed' ? 1 : 0)
    for (const one of hsmStatuses) hsmStatus.set({ status: one }, one === hsm ? 1 : 0)
    if (auditSinkLag === null) lag.remove()
    else lag.set(auditSinkLag)
  }
}

/** Counts the work of the engine. Labels are names of operations, jobs, tasks and calls, and error codes, never caller text. */
function countWork(registers: Registry[]): Around {
  const denials = new Counter({
    name: 'pawl_denials_total',
    help: 'Number of calls that were refused for want of a credential, a permission or a slot of a rate limit.',
    labelNames: ['operation', 'code'] as const,
    registers,
  })
  const jobs = new Counter({
    name: 'pawl_jobs_total',
    help: 'Number of attempts at jobs and scheduled tasks.',
    labelNames: ['job', 'outcome'] as const,
    registers,
  })
  const calls = new Histogram({
    name: 'pawl_hsm_call_seconds',
    help: 'Duration of calls to the key store, in seconds.',
    labelNames: ['call'] as const,
    buckets: [0.0001, 0.001, 0.005, 0.025, 0.1, 0.5, 2.5],
    registers,
  })
  const failures = new Counter({
    name: 'pawl_hsm_failures_total',
    help: 'Number of calls to the key store that failed.',
    labelNames: ['call', 'failure'] as const,
    registers,
  })
  const threats = new Counter({
    name: 'shroud_threats_detected_total',
    help: 'Number of findings of Shroud in requests and answers, by detector and by what was done.',
    labelNames: ['detector', 'action'] as const,
    registers,
  })
  const done = (what: Parameters<Around>[0], name: string, error?: unknown) => {
    if (what === 'threat') {
      const [detector = '', action = ''] = name.split(' ')
      return threats.inc({ detector, action })
    }
    if (what === 'job' || what === 'task') jobs.inc({ job: name, outcome: error === undefined ? 'done' : 'failed' })
    else if (error === undefined) return
    else if (what === 'hsm')
      failures.inc({ call: name, failure: error instanceof HsmError ? error.failure : 'internal' })
    else if (error instanceof PawlError && denialKinds.has(error.kind))
      denials.inc({ operation: name, code: error.code })
  }
  return async (what, name, work) => {
    const stop = what === 'hsm' ? calls.startTimer({ call: name }) : null
    try {
      const result = await work()
      done(what, name)
      return result
    } catch (error) {
      done(what, name, error)
      throw error
    } finally {
      stop?.()
    }
  }
}

const denialKinds: ReadonlySet<string> = new Set<ErrorKind>(['denied', 'unauthenticated', 'limited'])

/** Compares hashes, which have one length, so that the time does not reveal the length of the token (B19). */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
