import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { filesOf, type Manifest } from './contents.ts'

export interface Package {
  readonly manifest: Manifest
  /** Its folder on this machine, with links resolved. */
  readonly folder: string
  /** Its path in the bundle: `@pawl/server`, or `pg/node_modules/pg-types` if another version has the top-level path. */
  readonly path: string
}

/**
 * A package and its dependencies, found by the rules of Node, and laid out so that Node finds the same ones again. The
 * result does not depend on the kind of installation (linked into a store, flat, or from a bundle).
 *
 * @example
 * packagesOf('/srv/node_modules/@pawl/server').map(({ path }) => path) // ['@pawl/server', '@node-rs/argon2', …]
 */
export function packagesOf(folder: string): Package[] {
  const first = readPackage(realpathSync(folder))
  const placed = new Map<string, Package>()
  const place = (path: string, found: Omit<Package, 'path'>) => placed.set(path, { ...found, path })
  place(first.manifest.name, first)
  // The map grows while it is walked. What a package has beside it is complete before anything in there is looked at.
  for (const { path, manifest, folder } of placed.values()) {
    for (const [name, isRequired] of needsOf(manifest, folder)) {
      const at = resolveFrom(folder, name)
      if (!at && isRequired) {
        throw new Error(
          `${manifest.name} requires ${name}, which is not installed. Install it and run pawl bundle again.`,
        )
      }
      const seen = visibleFrom(path, name, placed)
      if (!at || seen?.folder === at) continue
      if (isBelowItself(path, at, placed))
        throw new Error(`${name} depends on another version of itself, which pawl bundle cannot pack.`)
      place(seen ? `${path}/node_modules/${name}` : name, readPackage(at))
    }
  }
  return [...placed.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** SQLite is optional, because no version of its driver runs on every Node. A bundle starts with it. */
export function refuseWithoutSqlite(packages: readonly Package[]): void {
  if (packages.some(({ manifest }) => manifest.name === 'better-sqlite3')) return
  throw new Error('better-sqlite3 is not installed. Install it, and bundle again.')
}

export function readPackage(folder: string): Omit<Package, 'path'> {
  return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }
}

/** The dependencies of a package, and whether each is required. An optional one that is not installed is left out. */
function needsOf(manifest: Manifest, folder: string): Map<string, boolean> {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest
  const needs = new Map<string, boolean>()
  for (const name of Object.keys(dependencies)) if (!isInstaller(name, manifest, folder)) needs.set(name, true)
  for (const name of Object.keys({ ...optionalDependencies, ...peerDependencies })) needs.set(name, false)
  return new Map([...needs].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Whether a dependency is needed only during installation: the install script calls it, and no module does. It downloads
 * or compiles, so it has no use on a machine without a network.
 */
function isInstaller(name: string, manifest: Manifest, folder: string): boolean {
  const { preinstall, install, postinstall } = manifest.scripts ?? {}
  if (
    ![preinstall, install, postinstall]
      .join(' ')
      .split(/[\s;&|]+/)
      .includes(name)
  )
    return false
  const modules = filesOf(folder, manifest).filter((path) => /\.[cm]?js$/.test(path))
  return !modules.some((path) => new RegExp(`['"]${name}['"/]`).test(readFileSync(join(folder, path), 'utf8')))
}

/** The folder where Node finds a package from here; null if there is none. */
function resolveFrom(folder: string, name: string): string | null {
  for (let from = folder; ; from = dirname(from)) {
    const at = join(from, 'node_modules', name)
    if (basename(from) !== 'node_modules' && existsSync(join(at, 'package.json'))) return realpathSync(at)
    if (dirname(from) === from) return null
  }
}

/** Whether one that would be placed below `path` is there among those it would lie in: that would never end. */
function isBelowItself(path: string, folder: string, placed: ReadonlyMap<string, Package>): boolean {
  const parts = path.split('/node_modules/')
  return parts.some((_, at) => placed.get(parts.slice(0, at + 1).join('/node_modules/'))?.folder === folder)
}

/** Which package of this name one that was placed at `path` would find. */
function visibleFrom(path: string, name: string, placed: ReadonlyMap<string, Package>): Package | null {
  for (let from = path; ; ) {
    const found = placed.get(`${from}/node_modules/${name}`)
    if (found) return found
    const at = from.lastIndexOf('/node_modules/')
    if (at < 0) return placed.get(name) ?? null
    from = from.slice(0, at)
  }
}
