import type { Pawl } from '@pawl/core'
import pino from 'pino'
import { accessLog, engineLog, type HttpOptions, nodeListener, prometheus } from '../http/index.ts'
import type { Config } from './config.ts'
import { openPawl } from './open.ts'
import { ensureOwner, type Owner } from './owner.ts'
import { serve } from './serve.ts'

export interface Started {
  readonly pawl: Pawl
  readonly url: string
  readonly owner: Owner
  /** Answers what was accepted, closes the engine, and is done. */
  stop(): Promise<void>
}

/** A whole server, from its configuration. */
export async function start(config: Config): Promise<Started> {
  // What is for people goes to the standard output, so this does not.
  const logger = pino({ level: config.logLevel, base: null }, pino.destination(2))
  const pawl = await openPawl(config, engineLog(logger))
  try {
    const owner = await ensureOwner(pawl, config)
    const running = await serve(nodeListener(pawl, httpOptions(config, logger)), config)
    const stop = async () => {
      await running.stop()
      await pawl.close()
    }
    return { pawl, owner, url: running.url, stop }
  } catch (error) {
    await pawl.close()
    throw error
  }
}

function httpOptions(config: Config, logger: pino.Logger): HttpOptions {
  const { trustedProxies, origins, metrics, metricsToken: token } = config
  return {
    trustedProxies,
    origins,
    log: engineLog(logger),
    ...(logger.isLevelEnabled('info') ? { observe: accessLog(logger) } : {}),
    ...(metrics ? { metrics: prometheus({ token }) } : {}),
  }
}
