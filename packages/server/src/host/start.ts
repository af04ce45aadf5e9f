import { setFlagsFromString } from 'node:v8'
import type { Around, Pawl } from '@pawl/core'
import pino from 'pino'
import { dashboard } from '../dashboard/index.ts'
import { accessLog, engineLog, type HttpOptions, nodeListener, prometheus } from '../http/index.ts'
import { mcp } from '../mcp/index.ts'
import { pages } from '../pages/index.ts'
import { errorBody } from '../shroud/errors.ts'
import { shroudListener } from '../shroud/index.ts'
import { clientIp } from '../web/client-ip.ts'
import { keyHandlers } from './all-keys.ts'
import { keepingHandlers } from './backup.ts'
import type { Config } from './config.ts'
import { type Control, serveControl } from './control.ts'
import { openVault, urlOf, type Vault } from './open.ts'
import { ensureOwner, type Owner, ownerHandlers } from './owner.ts'
import { type Listener, type Running, type ServeOptions, serve } from './serve.ts'
import { spansIfInstalled } from './spans.ts'
import { tlsFilesOf } from './tls.ts'

export interface Started {
  readonly pawl: Pawl
  readonly url: string
  /** The URL of Shroud. Null: it is not served. */
  readonly shroudUrl: string | null
  /** Whether the vault is sealed: without unsealing, no call can read or write. */
  readonly isSealed: boolean
  /** The first owner. While the vault is sealed, the server creates no owner. */
  readonly owner: Owner
  /** The first owner, once the vault is open. */
  readonly ownerOnceOpen: Promise<Owner>
  /** Answers the accepted requests, closes the engine, and then resolves. */
  stop(): Promise<void>
}

/** A whole server, from its configuration. */
export async function start(
  config: Config,
  parts?: Parameters<typeof openVault>[2],
  http: HttpOptions = {},
): Promise<Started> {
  keepObjectsYoung()
  // The log goes to standard error. Standard output is for messages to the operator.
  const logger = pino({ level: config.logLevel, base: null }, pino.destination(2))
  const metrics = config.metrics ? prometheus({ token: config.metricsToken, status: () => pawl.status() }) : null
  const around = within(await spansIfInstalled(), metrics?.around ?? null)
  const vault = await openVault(config, engineLog(logger), parts, around ?? undefined)
  const { pawl } = vault
  const opened: { stop(): Promise<void> }[] = []
  const stop = async () => {
    pawl.stopWaiting()
    await Promise.all(opened.map((one) => one.stop()))
    await pawl.close()
  }
  try {
    const isSealed = (await pawl.status()).hsm === 'sealed'
    const api = nodeListener(pawl, { ...httpOptions(pawl, config, logger), ...(metrics ? { metrics } : {}), ...http })
    const serving = { ...config, tls: tlsFilesOf(config), log: engineLog(logger) }
    const running = await serve(api, serving)
    opened.push(running)
    const shroud = await serveShroud(pawl, config, serving, api)
    if (shroud) opened.push(shroud)
    // After the port is ours: a start that fails must not have made an owner whose password it does not show (N1).
    const nobody: Owner = { email: config.ownerEmail, madePassword: null, isNew: false }
    const owner = isSealed ? nobody : await ensureOwner(pawl, config)
    const ownerOnceOpen = isSealed ? ownerAfterUnsealing(pawl, config, logger) : Promise.resolve(owner)
    const control = await controlOf(vault, config, logger)
    if (control) opened.push(control)
    return { pawl, isSealed, owner, ownerOnceOpen, url: running.url, shroudUrl: shroud?.url ?? null, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Shroud has a port of its own, because `GET /v1/health` is public on the API and not there. */
async function serveShroud(pawl: Pawl, config: Config, serving: ServeOptions, api: Listener): Promise<Running | null> {
  const { shroudPort, trustedProxies } = config
  if (shroudPort === null) return null
  const listener = shroudListener(pawl, {
    addressOf: clientIp(trustedProxies),
    api,
    ...(serving.log && { log: serving.log }),
  })
  return serve(listener, { ...serving, port: shroudPort, portSetting: 'PAWL_SHROUD_PORT', errorBody })
}

/**
 * After a burst of requests, V8 treats their objects as long-lived and allocates them in the old generation from then on.
 * That garbage waits for a full collection: a read took a fifth more CPU, and the heap grew to three times its size.
 */
function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}

function within(outer: Around | null, inner: Around | null): Around | null {
  if (outer === null || inner === null) return outer ?? inner
  return (what, name, work) => outer(what, name, () => inner(what, name, work))
}

/** The control socket of the operator. A server works without it, so it starts even if the socket cannot be created. */
async function controlOf(vault: Vault, config: Config, logger: pino.Logger): Promise<Control | null> {
  try {
    return await serveControl(config.dataDir, {
      ...keepingHandlers(vault),
      ...keyHandlers(vault),
      ...ownerHandlers(vault),
      seal: () => seal(vault),
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    logger.warn({ reason }, 'pawl backup and pawl doctor cannot reach this server')
    return null
  }
}

async function seal({ pawl }: Vault): Promise<true> {
  await pawl.seal()
  return true
}

/** No caller waits for the result, so errors go to the log. */
async function ownerAfterUnsealing(pawl: Pawl, config: Config, logger: pino.Logger): Promise<Owner> {
  await pawl.opened()
  return ensureOwner(pawl, config).catch((error: unknown) => {
    logger.error({ reason: error instanceof Error ? error.message : String(error) }, 'the first owner does not exist')
    return { email: config.ownerEmail, madePassword: null, isNew: false }
  })
}

function httpOptions(pawl: Pawl, config: Config, logger: pino.Logger): HttpOptions {
  const { host, port, trustedProxies, clientCertificateHeader, origins, mcpValues: values } = config
  const log = engineLog(logger)
  // The host name of this server. With `*`, pages of any origin may call the API, but not the tools of a model.
  const { hostname } = new URL(urlOf(host, port, 'http'))
  const known = { hosts: [hostname], origins: origins === '*' ? [] : origins }
  const models = mcp(pawl, { values, ...known, log })
  // The dashboard uses a cookie, so pages of origins that may call with a token cannot use it.
  const { mounts, ...board } = dashboard(pawl, { hosts: [hostname], origins: [] })
  return {
    ...board,
    trustedProxies,
    clientCertificateHeader,
    origins,
    log,
    mounts: { '/mcp': models, ...pages(pawl, { home: '/' }), ...mounts },
    ...(logger.isLevelEnabled('info') ? { observe: accessLog(logger) } : {}),
  }
}
