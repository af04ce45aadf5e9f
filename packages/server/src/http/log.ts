import type { Log } from '@pawl/core'
import type { Logger } from 'pino'

/** What is known of a request when it has been answered. Nothing in here was written by the caller but the method. */
export interface Access {
  readonly method: string
  /** The template of the route, never the path: the id of a share is all one needs to read it. */
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
 * The engine's own log. Plain values pass, an error is reduced to its words, and everything else is left out. A full disk
 * fails every request, so of the same error there is one line a minute, and it says how many were left out before it.
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

/** How often this was left out since it was said last; null when that was less than a minute ago. */
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
