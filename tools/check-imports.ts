// Who may import whom (DESIGN.md, section 1), as a check: it reads every import in packages/ and fails on any that the
// table does not allow. A new edge is a new line here, and a reviewed one.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** The layers of core, lowest first: each may import itself and those it names. */
const layers: Record<string, readonly string[]> = {
  kernel: [],
  ports: ['kernel'],
  crypto: ['kernel', 'ports'],
  // How chains write transactions: pure, without a key and without a node.
  families: ['kernel', 'ports'],
  records: ['kernel', 'ports', 'crypto'],
  operations: ['kernel', 'ports', 'crypto', 'families', 'records'],
  // What a page loads. It knows the types of the whole engine, and none of its code.
  client: ['kernel'],
}

/** Which areas an area uses, as its `index.ts` declares: `uses: ['vaults']`. */
function usesOf(area: string): readonly string[] {
  const index = join(root, 'packages/core/src/areas', area, 'index.ts')
  const [, names = ''] = /^ {2}uses: \[([^\]]*)\]/m.exec(readFileSync(index, 'utf8')) ?? []
  return [...names.matchAll(/'([^']+)'/g)].map(([, name = '']) => name)
}

const areaNames = readdirSync(join(root, 'packages/core/src/areas'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const areaEdges = Object.fromEntries(areaNames.map((name) => [name, usesOf(name)]))

/** What stands above the areas: it may import all of core. */
const tops = ['engine', 'backup', 'maintenance']

/** What several surfaces of the server use. */
const shared = ['web', 'derive']

const surfaces = ['http', 'mcp', 'cli', 'shroud', 'dashboard', 'client', 'host']

interface Import {
  readonly file: string
  readonly specifier: string
  /** Of types, so that nothing is left of it when it runs. */
  readonly isOfTypes: boolean
}

const problems: string[] = []
const found = imports(join(root, 'packages')).filter(({ file }) => !/\.test\.ts$|\/test\//.test(file))
for (const one of found) {
  const problem = judge(one)
  if (problem) problems.push(`${one.file}: imports ${one.specifier}: ${problem}`)
}
const cycle = findCycle(areaEdges)
if (cycle) problems.push(`areas use each other in a circle: ${cycle.join(' → ')}`)
const fileCycle = findCycle(fileEdges(found))
if (fileCycle) problems.push(`files import each other in a circle: ${fileCycle.join(' → ')}`)
for (const problem of problems) console.error(problem)
console.log(`check-imports: ${problems.length === 0 ? 'every import is allowed' : `${problems.length} not allowed`}`)
process.exitCode = problems.length === 0 ? 0 : 1

function imports(folder: string): Import[] {
  const found: Import[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !path.endsWith('.ts') || /node_modules|\/dist\//.test(path)) continue
    const file = relative(root, path)
    const text = readFileSync(path, 'utf8').replace(/^\s*(?:\*|\/\/).*$/gm, '')
    for (const match of text.matchAll(/((?:import|export) type [^']*)?(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      found.push({ file, specifier: match[2] as string, isOfTypes: match[1] !== undefined })
    }
  }
  return found
}

function judge({ file, specifier, isOfTypes }: Import): string | null {
  const [, name, , ...inside] = file.split('/')
  const target = targetOf(file, specifier)
  if (name === 'core') return isOfTypes && inside[0] === 'client' ? null : judgeCore(inside, target, specifier)
  if (name === 'adapters') return judgeAdapter(inside, target)
  if (name === 'testkit') return judgeTestkit(inside, target)
  if (name === 'server') return judgeServer(inside, target)
  return null
}

/** The file that an import leads to, or its specifier when that is a package. */
function targetOf(file: string, specifier: string): string {
  return specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier
}

/** Types count too: a file that cannot be read without another, which cannot be read without it, is one file. */
function fileEdges(imports: readonly Import[]): Record<string, string[]> {
  const edges: Record<string, string[]> = {}
  for (const { file, specifier } of imports) {
    edges[file] ??= []
    if (specifier.startsWith('.')) edges[file].push(targetOf(file, specifier))
  }
  return edges
}

function judgeCore([layer = '', area = '']: string[], target: string, specifier: string): string | null {
  if (specifier.startsWith('node:')) return 'core runs anywhere, so it knows no module of Node'
  if (!target.startsWith('packages/core/src/')) {
    return target.startsWith('packages/') || target.startsWith('@pawl/')
      ? 'core imports no other package of ours'
      : null
  }
  const [toLayer = '', toArea = '', ...toRest] = target.slice('packages/core/src/'.length).split('/')
  if (!toArea && toLayer.endsWith('.ts'))
    return area === '' || tops.includes(layer) ? null : 'nothing below imports the top of core'
  if (tops.includes(toLayer) && area !== '' && !tops.includes(layer)) return `${layer} stands below ${toLayer}`
  const below = layers[layer]
  if (below) return toLayer === layer || below.includes(toLayer) ? null : `${layer} stands below ${toLayer}`
  if (layer !== 'areas' || toLayer !== 'areas' || toArea === area || area === 'index.ts') return null
  if (toRest.join('/') !== 'index.ts') return 'another area is used through its index.ts only'
  return areaEdges[area]?.includes(toArea) ? null : `${area} does not declare that it uses ${toArea}`
}

function judgeAdapter([port = '']: string[], target: string): string | null {
  if (target.startsWith('@pawl/'))
    return /^@pawl\/core\/ports(\/reference)?$/.test(target)
      ? null
      : 'an adapter knows the ports and nothing else of ours'
  if (!target.startsWith('packages/')) return null
  return target.startsWith(`packages/adapters/src/${port}/`) ? null : 'an adapter knows no other adapter'
}

function judgeTestkit([folder = '']: string[], target: string): string | null {
  if (target.startsWith('@pawl/adapters')) return 'the testkit knows no adapter'
  if (target.startsWith('@pawl/server') && folder !== 'local-vault') return 'only local-vault uses the server'
  if (target.startsWith('node:') && ['conformance', 'wrappers'].includes(folder))
    return 'suites and wrappers run anywhere'
  return null
}

function judgeServer([surface = '']: string[], target: string): string | null {
  if (target.startsWith('@pawl/adapters')) return surface === 'host' ? null : 'adapters are chosen in host/ only'
  if (target.startsWith('@pawl/testkit')) return 'the server does not ship the testkit'
  const to = /^packages\/server\/src\/([^/]+)\//.exec(target)?.[1]
  if (!to || to === surface || shared.includes(to) || !surfaces.includes(surface)) return null
  // The host wires surfaces together, and the command line starts the host or the bridge to one.
  return surface === 'host' || (surface === 'cli' && ['host', 'mcp'].includes(to))
    ? null
    : `${surface} does not know ${to}`
}

function findCycle(edges: Record<string, readonly string[]>): string[] | null {
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return null
    for (const next of edges[name] ?? []) {
      const cycle = visit(next, [...path, name])
      if (cycle) return cycle
    }
    done.add(name)
    return null
  }
  for (const name of Object.keys(edges)) {
    const cycle = visit(name, [])
    if (cycle) return cycle
  }
  return null
}
