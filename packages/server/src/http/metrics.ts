import { timingSafeEqual } from 'node:crypto'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Access } from './log.ts'

export interface Metrics {
  observe(access: Access): void
  /** Whether whoever shows this bearer may read the numbers. */
  mayRead(bearer: string | null): boolean
  text(): Promise<string>
  readonly contentType: string
}

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])

export interface PrometheusOptions {
  /** What a scraper must show. Null lets everybody read who can reach the port. */
  readonly token?: string | null
  /** The number of events that the audit sink has not acknowledged. Absent without a sink. */
  readonly auditSinkLag?: () => Promise<number | null>
}

export function prometheus({ token = null, auditSinkLag }: PrometheusOptions = {}): Metrics {
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
  if (auditSinkLag) {
    const lag: Gauge = new Gauge({
      name: 'pawl_audit_sink_lag_events',
      help: 'Number of audit events that the audit sink has not acknowledged.',
      registers,
      collect: async (): Promise<void> => lag.set((await auditSinkLag()) ?? 0),
    })
  }
  return {
    contentType: registry.contentType,
    // Labels are the declared templates and the known methods, so that no caller can make a new series (G7).
    observe: ({ method, route, status, ms }) => {
      requests.inc({ method: route !== '' && methods.has(method) ? method : 'any', route, status })
      seconds.observe({ route }, ms / 1000)
    },
    mayRead: (bearer) => token === null || isSame(bearer ?? '', token),
    text: () => registry.metrics(),
  }
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
