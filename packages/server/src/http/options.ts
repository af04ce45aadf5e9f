import type { Log, Registry } from '@pawl/core'
import type { Known } from '../web/known-hosts.ts'
import type { Mount } from '../web/messages.ts'
import type { Origins } from './cors.ts'
import type { Observe } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface HttpOptions {
  /** The operations to serve. Default: those of the engine. */
  readonly registry?: Registry
  /** The base path of the mount on the host server: `/vault`. The engine's `publicUrl` ends with it too. */
  readonly basePath?: string
  /** Addresses and ranges whose X-Forwarded-For the server trusts. Default: none. */
  readonly trustedProxies?: readonly string[]
  /** The header in which these proxies forward the client certificate that they verified. Default: none. */
  readonly clientCertificateHeader?: string | null
  /** Which pages may call from a browser. Default: any. They always need a bearer token. */
  readonly origins?: Origins
  readonly bodyBytesMax?: number
  /** Bytes of all bodies that are on their way, over all connections. Default: 64 MiB. */
  readonly bodiesBytesMax?: number
  /** Refuses requests for other hosts, and from pages of other origins. Default: none is refused. */
  readonly known?: Known
  /** Called after the answer to each request. */
  readonly observe?: Observe
  /**
   * What answers at paths of its own, for every method: `/mcp`, or `/connect/{slug}/grant` for every slug. At the path of an
   * operation, such as `/v1/share/{share_id}`, it answers browsers that navigate there, and programs get the operation.
   */
  readonly mounts?: Readonly<Record<string, Mount>>
  /** What answers browsers that navigate to a path where nothing else is, such as the dashboard at `/vaults`. */
  readonly navigation?: Mount
  /** Accepts the session cookie in calls of the dashboard, under these host names. Default: no cookie is read. */
  readonly dashboardAt?: Known
  /** Serves /metrics. */
  readonly metrics?: Metrics
  /** The log for internal errors. */
  readonly log?: Log
  /** Milliseconds, for limits and lifetimes. */
  readonly now?: () => number
}
