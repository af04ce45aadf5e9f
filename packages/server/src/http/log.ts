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

/** The engine's own log. Plain values pass, an error is reduced to its words, and everything else is left out. */
export function engineLog(logger: Logger): Log {
  return (level, message, fields = {}) => {
    const shown: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof Error) shown[name] = describe(value)
      else if (isPlain(value)) shown[name] = value
    }
    logger[level](shown, message)
  }
}

function describe(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  return { name, message, stack, ...(cause instanceof Error ? { cause: describe(cause) } : {}) }
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
