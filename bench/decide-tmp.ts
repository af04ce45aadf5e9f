// Decisions, in microseconds of CPU: Pawl beside other policy engines on the same rules, and Pawl alone among ten thousand
// policies of several kinds. The rounds of all engines take turns, so that what else the machine does falls on all of them.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { compilePolicies, type DecisionRequest } from '../packages/core/src/areas/policies/decide.ts'
import type { Policy } from '../packages/core/src/areas/policies/policy.ts'
import { say } from './child.ts'
import { type Decider, deciders, policyOf, type Rule, requestFor } from './deciders.ts'
import { median, seeded } from './vault.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const sizes = [1, 100, 1_000, 10_000]
const many = 10_000
const rounds = 7
const requests = 200

/** Of ten rules, one denies a part of what another allows. */
function rulesOf(count: number): Rule[] {
  return Array.from({ length: count }, (_, at) =>
    at % 10 === 9 ? { prefix: `team-${at - 1}/private`, effect: 'deny' } : { prefix: `team-${at}`, effect: 'allow' },
  )
}

/** Of the paths, one in ten is not covered by a rule, and one in ten is in a part that may be denied. */
function pathsOf(count: number): string[] {
  const pick = seeded(11)
  return Array.from({ length: requests }, () => {
    const team = pick(count)
    return [`other-${team}/db/password`, `team-${team}/private/key`][pick(10)] ?? `team-${team}/db/password`
  })
}

async function raced(count: number) {
  const rules = rulesOf(count)
  const paths = pathsOf(count)
  const engines = await Promise.all(
    Object.entries({ pawl: deciders.pawl }).map(async ([engine, load]) => ({ engine, decide: await load(rules), us: [] as number[] })),
  )
  const answers = engines.map(({ decide }) => paths.map(decide).join())
  if (new Set(answers).size !== 1) throw new Error(`the engines differ among ${count} policies`)
  for (let round = 0; round < rounds; round++) for (const { decide, us } of engines) us.push(perDecision(decide, paths))
  return engines.map(({ engine, us }) => ({ engine, policies: count, us: median(us) }))
}

/** As many as take some time: what a slow engine is asked least often is asked once for each path of a part. */
function perDecision(decide: Decider, paths: readonly string[]): number {
  const asked = timed(() => decide(paths[0] as string)) > 2_000 ? paths.slice(0, 10) : paths
  let count = 0
  let us = 0
  while (us < 20_000) {
    us += timed(() => asked.forEach(decide))
    count += asked.length
  }
  return us / count
}

function timed(call: () => unknown): number {
  const before = process.cpuUsage()
  call()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

type Given = Pick<Policy, 'pattern'> & Partial<Policy>

/** For each kind of vault its policies, and the paths that are asked for. */
const kinds: Readonly<Record<string, [(at: number) => Given, (at: number) => string]>> = {
  'distinct paths': [(at) => ({ pattern: secret(at) }), secret],
  'prefixes team-i/**': [(at) => ({ pattern: `team-${at}/**` }), (at) => `team-${at}/x/db/password`],
  'a mix with * and **': [
    (at) => ({ pattern: choose(at, 'team-i/*/db/**', '*/svc-i/**', 'team-i/*', '**/key-i'), priority: at % 5 }),
    (at) => choose(at, 'team-i/x/db/a', 'q/svc-i/a/b', 'team-i/z', 'a/b/c/key-i'),
  ],
  'names in part, as db-*': [
    (at) => ({ pattern: choose(at, 'team-i-*/db', '*-i/db-*', 'x/db-i-*/**') }),
    (at) => choose(at, 'team-i-a/db', 'q-i/db-x', 'x/db-i-q/a'),
  ],
  'one path, by priority': [
    (at) => ({ pattern: 'db/prod', priority: at, conditions: { environment_in: [`env-${at % 3}`] } }),
    () => 'db/prod',
  ],
}

function choose(at: number, ...texts: string[]): string {
  return (texts[at % texts.length] as string).replaceAll('-i', `-${at}`)
}

function secret(at: number): string {
  return `app/service-${at % 97}/secret-${at}`
}

/** Compiled until the first decision, since some of the work waits for that. */
function compiledFrom(policies: readonly Policy[], request: DecisionRequest) {
  const { decide } = compilePolicies(policies)
  decide(request)
  return decide
}

function alone(kind: string, policyAt: (at: number) => Given, pathAt: (at: number) => string) {
  const policies = Array.from({ length: many }, (_, at) => ({
    ...policyOf({ prefix: '', effect: 'allow' }, at),
    ...policyAt(at),
  }))
  const pick = seeded(13)
  const paths = Array.from({ length: requests }, () => pathAt(pick(many)))
  const first = requestFor('a')
  const compileUs = Array.from({ length: rounds }, () => timed(() => compiledFrom(policies, first)))
  const before = heapBytes()
  const decide = compiledFrom(policies, first)
  const bytes = heapBytes() - before
  if (!decide(requestFor(paths[0] as string)).allowed) throw new Error(`nothing is allowed: ${kind}`)
  const us = Array.from({ length: rounds }, () => perDecision((path) => decide(requestFor(path)).allowed, paths))
  return { kind, us: median(us), compileMs: median(compileUs) / 1_000, bytesPerPolicy: bytes / many }
}

function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const race = []
for (const count of sizes) race.push(...(await raced(count)))
say({ race, alone: Object.entries(kinds).map(([kind, [policyAt, pathAt]]) => alone(kind, policyAt, pathAt)) })
