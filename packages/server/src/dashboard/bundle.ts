import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { WebRequest, WebResponse } from '../web/messages.ts'

/** One built file. */
export interface File {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The built files of the dashboard, by name: `index.html`, `assets/main-4f2a.js`. */
export type Bundle = ReadonlyMap<string, File>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Reads all files once, so that a request cannot name another file. Null: the dashboard is not built. */
export function bundleIn(folder: URL): Bundle | null {
  const path = fileURLToPath(folder)
  if (!existsSync(join(path, 'index.html'))) return null
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll(sep, '/'))
  return new Map(names.flatMap((name) => entryOf(name, () => readFileSync(join(path, name)))))
}

/** A file of the bundle. Empty if browsers do not load files of its type. */
export function entryOf(name: string, read: () => Uint8Array): readonly (readonly [string, File])[] {
  const type = types[extname(name)]
  return type === undefined ? [] : [[name, { type, bytes: new Uint8Array(read()) }]]
}

/** A name with a hash changes with the contents, so browsers keep such a file for good, and others for a day. */
export function fileReply(name: string, file: File, wire: WebRequest): WebResponse {
  const kept = /-[\w-]{8}\.\w+$/.test(name) ? 'public, max-age=31536000, immutable' : 'public, max-age=86400'
  const headers = ['content-type', file.type, 'cache-control', kept]
  headers.push('cross-origin-resource-policy', 'same-origin', 'vary', 'accept-encoding')
  if (!/\bgzip\b/.test(wire.header('accept-encoding') ?? '') || file.type === types['.woff2']) {
    return { status: 200, headers, body: file.bytes }
  }
  return { status: 200, headers: [...headers, 'content-encoding', 'gzip'], body: zipped(file) }
}

const archives = new WeakMap<File, Uint8Array<ArrayBuffer>>()

/** Compressed at the first request. */
function zipped(file: File): Uint8Array<ArrayBuffer> {
  const known = archives.get(file)
  if (known) return known
  const made = new Uint8Array(gzipSync(file.bytes, { level: 9 }))
  archives.set(file, made)
  return made
}
