import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Log } from '@pawl/core'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/** Paths of a certificate chain and its private key, both in PEM. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** The files that a configuration names; null without TLS. */
export function tlsFilesOf({ tlsCert, tlsKey }: Pick<Config, 'tlsCert' | 'tlsKey'>): TlsFiles | null {
  return tlsCert === null || tlsKey === null ? null : { cert: tlsCert, key: tlsKey }
}

/** The TLS options of a server. */
export interface TlsPair {
  readonly cert: Buffer
  readonly key: Buffer
  /** Explicit, because a flag of Node can lower its own minimum. */
  readonly minVersion: 'TLSv1.2'
}

/** Reads a pair and checks that the key belongs to the certificate. */
export function readTlsPair(files: TlsFiles): TlsPair {
  const pair = { cert: contentOf('PAWL_TLS_CERT', files.cert), key: contentOf('PAWL_TLS_KEY', files.key) }
  const secure = { ...pair, minVersion: 'TLSv1.2' } as const
  try {
    createSecureContext(secure)
  } catch (error) {
    throw new ConfigError(
      `PAWL_TLS_CERT and PAWL_TLS_KEY are not a certificate and its unencrypted private key, in PEM: ${reasonOf(error)}.`,
    )
  }
  if (isExpired(pair.cert)) throw new ConfigError(`PAWL_TLS_CERT: the certificate in ${files.cert} has expired.`)
  return secure
}

/** Reads the authorities whose client certificates are accepted. */
export function readAuthorities(path: string): Buffer {
  const ca = contentOf('PAWL_TLS_CLIENT_CA', path)
  try {
    createSecureContext({ ca })
    new X509Certificate(ca)
  } catch (error) {
    throw new ConfigError(`PAWL_TLS_CLIENT_CA: ${path} has no certificates in PEM: ${reasonOf(error)}.`)
  }
  return ca
}

/** When the first certificate of a file expires, in milliseconds. */
export function expiryOf(cert: string | Buffer): number {
  return Date.parse(new X509Certificate(cert).validTo)
}

function isExpired(cert: Buffer): boolean {
  return expiryOf(cert) <= Date.now()
}

function contentOf(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ConfigError(`${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export interface Following {
  stop(): void
}

/**
 * Hands over each new pair after both files were unchanged between two checks: tools write one after the other. A pair that
 * cannot be used is reported once, and the server keeps the one it has. The files are compared by their attributes, not
 * watched, so that links that change their target (as those of Kubernetes and certbot do) are seen too.
 */
export function followTlsPair(files: TlsFiles, everyMs: number, log: Log, use: (pair: TlsPair) => void): Following {
  let known = fingerprint(files)
  let before = known
  const check = () => {
    const now = fingerprint(files)
    const rested = now === before
    before = now
    if (!rested || now === known) return
    known = now
    try {
      const pair = readTlsPair(files)
      use(pair)
      log('info', 'the TLS certificate was replaced', { expires: new Date(expiryOf(pair.cert)).toISOString() })
    } catch (error) {
      log('error', 'the new TLS certificate cannot be used: the server keeps the old one', { reason: reasonOf(error) })
    }
  }
  const timer = setInterval(check, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

function fingerprint({ cert, key }: TlsFiles): string {
  return [cert, key].map(attributesOf).join(' ')
}

function attributesOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found ? `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : 'missing'
}
