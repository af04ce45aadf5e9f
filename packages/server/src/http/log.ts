import type { Log } from '@pawl/core'
import type { Logger } from 'pino'

/** The log entry of an answered request. Only the method comes from the caller. */
export interface Access {
  readonly method: string
  /** The template of the route, never the path: the ID of a share is enough to read it. */
  readonly route: string
  readonly status: number
  readonly ms: number
  readonly requestId: string
  readonly ip: string | null
}

export type Observe = (access: Access) => void

/** One line per request, when the level is `info` or lower. */
export function accessLog(logger: Logger): Observe {
  return ({ method, route, status, ms, requestId, ip }) => {
    if (logger.isLevelEnabled('info')) logger.info({ method, route, status, ms, requestId, ip }, 'request')
  }
}

/**
 * The log of the engine. It keeps plain values and the message of an error, and drops everything else. A full disk fails
 * every request, so the same error gets one line per minute, with the number of lines that were dropped before it.
 */
export function engineLog(logger: Logger): Log {
  const repeats = countRepeats()
  return (level, message, fields = {}) => {
    const omitted = fields.error instanceof Error ? repeats(`${message}: ${fields.error.message}`) : 0
    if (omitted === null) return
    const shown: Record<string, unknown> = omitted > 0 ? { omitted } : {}
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof Error) shown[name] = describe(value)
      else if (isPlain(value)) shown[name] = value
    }
    logger[level](shown, message)
  }
}

const repeatMs = 60_000
const repeatedMax = 1_000

/** The number of dropped lines since the last one; null if the last line is less than a minute old. */
function countRepeats(): (what: string) => number | null {
  const said = new Map<string, { readonly at: number; omitted: number }>()
  return (what) => {
    const at = performance.now()
    const before = said.get(what)
    if (before && at - before.at < repeatMs) {
      before.omitted++
      return null
    }
    if (said.size >= repeatedMax) said.clear()
    said.set(what, { at, omitted: 0 })
    return before?.omitted ?? 0
  }
}

function describe(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  return { name, message, stack, ...(cause instanceof Error ? { cause: describe(cause) } : {}) }
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
