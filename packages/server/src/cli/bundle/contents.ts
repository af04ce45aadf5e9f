import { existsSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'

export type Versions = Readonly<Record<string, string>>

/** The fields that are read from a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string | { readonly type?: string }
  readonly files?: readonly string[]
  readonly engines?: { readonly node?: string }
  readonly scripts?: Versions
  readonly dependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly peerDependencies?: Versions
}

const licence = /^(licen[cs]e|copying|notice|copyright)[^./]*(\.(md|markdown|txt))?$/i
/** Files for compilers, bundlers and readers, which a running program does not need. */
const source = /(\.([cm]?ts|map|[acdho]|cc|cpp|cxx|hpp|gypi?|mk|stamp|md|markdown|flow|tsbuildinfo)|^makefile)$/i
const asides = ['test', 'tests', '__tests__', 'bench', 'benchmark', 'benchmarks', 'example', 'examples', 'docs']

/** The files that a package needs at run time, without its licence, relative to its folder and sorted. */
export function filesOf(folder: string, { files = [] }: Manifest): string[] {
  // A developer may have tried Pawl in a folder of the checkout. A vault, with its keys, is never part of a package.
  const published = isInstalled(folder) ? null : [...files, 'package.json']
  const isWanted = (path: string) => {
    const [top = '', ...rest] = path.split('/')
    if (licence.test(path) || (published && !published.some((one) => isWithin(one, path)))) return false
    return !source.test(rest.at(-1) ?? top) && !asides.includes(top) && !isLeftover(folder, path) && !isForAnother(path)
  }
  return [...walk(folder, '')].filter(isWanted).sort()
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** The licence files of a package: in its folder or, for a workspace package, at the root of the workspace. */
export function licencesOf(folder: string): string[] {
  for (const place of isInstalled(folder) ? [folder] : [folder, join(folder, '../..')]) {
    const found = readdirSync(place).filter((name) => licence.test(name))
    if (found.length > 0) return found.sort().map((name) => join(place, name))
  }
  return []
}

/** Whether a package manager installed it. Otherwise it is a folder of a workspace, where developers work. */
function isInstalled(folder: string): boolean {
  return folder.split(sep).includes('node_modules')
}

function* walk(folder: string, path: string): Generator<string> {
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const inside = path === '' ? entry.name : `${path}/${entry.name}`
    if (entry.isDirectory()) yield* walk(folder, inside)
    else if (entry.isFile()) yield inside
  }
}

/** Whether it is the addon of another machine: packages that contain their binaries have one for each kind. */
function isForAnother(path: string): boolean {
  const [, machine = ''] = /^prebuilds\/([^/]+)/.exec(path) ?? []
  return path.startsWith('prebuilds/') && !machine.startsWith(`${process.platform}-${process.arch}`)
}

/** Whether it is a build leftover. Of the compiler's output, only the addon counts. */
function isLeftover(folder: string, path: string): boolean {
  const isBuilt = path.startsWith('build/') && existsSync(join(folder, 'binding.gyp'))
  return isBuilt && !/^build\/Release\/[^/]+\.node$/.test(path)
}
