import { existsSync } from 'node:fs'
import { machine, type } from 'node:os'
import { dirname, join } from 'node:path'

/** The requirements of a bundle for its target machine. `start.mjs` and `bin/pawl` compare them with that machine. */
export interface Needs {
  /** The output of `uname -sm`. */
  readonly machine: string
  readonly platform: string
  readonly arch: string
  /** The version of Node's binary interface that the addons are compiled for. */
  readonly abi: string
  /** The minimum version of Node, and of glibc (null when no native file needs it). */
  readonly node: string
  readonly glibc: string | null
}

/** What another machine needs to run a bundle from this machine. */
export function needsOf(engine: string | undefined, binaries: Iterable<Buffer>): Needs {
  const { platform, arch, versions } = process
  if (platform !== 'linux') throw new Error(`pawl bundle works only on Linux. This machine runs ${platform}.`)
  return {
    machine: `${type()} ${machine()}`,
    platform,
    arch,
    abi: versions.modules,
    node: /\d+(\.\d+)*/.exec(engine ?? '')?.[0] ?? '0',
    glibc: newestGlibc(binaries),
  }
}

/** A native file names each version of glibc whose symbols it uses. */
function newestGlibc(binaries: Iterable<Buffer>): string | null {
  let newest: string | null = null
  for (const data of binaries) {
    for (const [, minor] of data.toString('latin1').matchAll(/GLIBC_2\.(\d+)/g)) {
      if (newest === null || Number(minor) > Number(newest)) newest = minor ?? null
    }
  }
  return newest && `2.${newest}`
}

/** The Node.js that runs this, and its licence. */
export function thisNode(): { readonly program: string; readonly licence: string } {
  // If Node is built with shared libraries, as on Debian, its program does not run without them.
  const { node_shared: isInParts } = process.config.variables as { node_shared?: boolean }
  if (isInParts) throw new Error('This Node.js uses shared libraries. Run pawl bundle with a Node.js from nodejs.org.')
  const program = process.execPath
  const places = ['LICENSE', 'share/doc/nodejs/LICENSE', 'share/doc/node/LICENSE']
  const licence = places.map((place) => join(dirname(program), '..', place)).find((path) => existsSync(path))
  if (!licence)
    throw new Error('This Node.js has no LICENSE file beside it. Run pawl bundle with a Node.js that has one.')
  return { program, licence }
}

export function isNative(data: Buffer): boolean {
  return data.subarray(0, 4).toString('latin1') === '\u007fELF'
}
