// Compares the packages of pnpm-lock.yaml with the known vulnerabilities in tools/advisories.json. Works without network.
// Fails on a version with a vulnerability. Warns when the file is older than 90 days. With --refresh, it first asks the
// configured npm registry and writes the file. A registry without advisories leaves the file as it is.
//
//   tsx tools/check-advisories.ts [--refresh]

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'

/** A vulnerability, as npm's bulk advisory endpoint describes it. */
export interface Advisory {
  readonly title: string
  readonly url: string
  readonly severity: string
  readonly vulnerable_versions: string
}

export interface Advisories {
  /** When the registry was asked last; null when it never answered. */
  readonly refreshed: string | null
  readonly advisories: Readonly<Record<string, readonly Advisory[]>>
}

type Versions = Readonly<Record<string, readonly string[]>>

const daysMax = 90
const root = resolve(import.meta.dirname, '..')
const file = resolve(root, 'tools/advisories.json')

/** What is wrong: `name@version: title (url)`. */
export function vulnerableIn(versions: Versions, { advisories }: Advisories): string[] {
  return Object.entries(versions).flatMap(([name, used]) =>
    (Object.hasOwn(advisories, name) ? (advisories[name] ?? []) : []).flatMap((one) =>
      used
        .filter((version) => isIn(version, one.vulnerable_versions))
        .map((version) => `${name}@${version}: ${one.severity}: ${one.title} (${one.url})`),
    ),
  )
}

/** A warning about the age of the file, or null. */
export function ageProblem({ refreshed }: Advisories, now: number): string | null {
  const how = 'Run: tsx tools/check-advisories.ts --refresh'
  if (refreshed === null) return `tools/advisories.json was never refreshed. ${how}`
  const days = Math.floor((now - Date.parse(refreshed)) / 86_400_000)
  return days > daysMax ? `tools/advisories.json is ${days} days old. ${how}` : null
}

/** The versions of each package in a lock file of pnpm. */
export function versionsIn(lock: string): Versions {
  const versions: Record<string, string[]> = {}
  for (const key of Object.keys((parse(lock) as { packages?: object }).packages ?? {})) {
    const at = key.lastIndexOf('@')
    const name = key.slice(0, at)
    versions[name] = [...(versions[name] ?? []), key.slice(at + 1)]
  }
  return versions
}

/** Whether a version is in a range such as `>=1.0.0 <1.2.3 || =2.0.0`, the form that advisories have. */
export function isIn(version: string, range: string): boolean {
  return range.split('||').some((part) => {
    const bounds = part
      .trim()
      .replace(/([<>=])\s+/g, '$1')
      .split(/\s+/)
    return bounds.every((bound) => meets(version, bound))
  })
}

function meets(version: string, bound: string): boolean {
  if (bound === '*' || bound === '') return true
  const [, operator = '', limit = ''] = /^(<=|>=|<|>|=|)v?([0-9].*)$/.exec(bound) ?? []
  // A range that is not understood counts as met, so that a person looks.
  if (limit === '') return true
  const order = compare(version, limit)
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  if (operator === '>') return order > 0
  return operator === '>=' ? order >= 0 : order === 0
}

/** The order of two versions by Semantic Versioning. */
function compare(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)]
  for (let at = 0; at < 3; at++) if (a.numbers[at] !== b.numbers[at]) return (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0)
  // A release comes after its pre-releases.
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length
  for (let at = 0; at < Math.max(a.before.length, b.before.length); at++) {
    const order = compareWords(a.before[at], b.before[at])
    if (order !== 0) return order
  }
  return 0
}

function partsOf(version: string) {
  const [release = '', before = ''] = version.split('+', 1)[0]?.split(/-(.*)/s) ?? []
  const numbers = release.split('.').map(Number)
  return { numbers: [0, 1, 2].map((at) => numbers[at] ?? 0), before: before === '' ? [] : before.split('.') }
}

function compareWords(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? -1 : 1
  const [isNumber, isOtherNumber] = [/^[0-9]+$/.test(one), /^[0-9]+$/.test(other)]
  if (isNumber && isOtherNumber) return Number(one) - Number(other)
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1
  return one < other ? -1 : one > other ? 1 : 0
}

async function refresh(versions: Versions): Promise<void> {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8' }).trim()
  const url = `${registry.replace(/\/$/, '')}/-/npm/v1/security/advisories/bulk`
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(versions) }).catch(() => null)
  if (!answer?.ok) {
    console.error(
      `The registry has no advisories (${answer?.status ?? 'no answer'}). tools/advisories.json stays as it is.`,
    )
    return
  }
  const given = (await answer.json()) as Readonly<Record<string, readonly Advisory[]>>
  const kept = Object.entries(given).map(([name, all]) => [name, all.map(fieldsOf)] as const)
  const advisories = Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = JSON.stringify({ refreshed: new Date().toISOString().slice(0, 10), advisories }, null, 2)
  writeFileSync(file, `${text}\n`)
}

function fieldsOf({ title, url, severity, vulnerable_versions }: Advisory): Advisory {
  return { title, url, severity, vulnerable_versions }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const versions = versionsIn(readFileSync(resolve(root, 'pnpm-lock.yaml'), 'utf8'))
  if (process.argv.includes('--refresh')) await refresh(versions)
  const known = JSON.parse(readFileSync(file, 'utf8')) as Advisories
  const warning = ageProblem(known, Date.now())
  if (warning) console.warn(`warning: ${warning}`)
  const found = vulnerableIn(versions, known)
  for (const one of found) console.error(one)
  process.exitCode = found.length > 0 ? 1 : 0
}
