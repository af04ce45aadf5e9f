import { nearest } from '../../kernel/did-you-mean.ts'
import { type Cidr, cidrContains, parseCidr } from '../../kernel/ip.ts'
import type { Json } from '../../kernel/json.ts'
import { riskLevels } from '../risk/index.ts'
import {
  type Check,
  type ConditionParser,
  cannotTell,
  type Facts,
  fails,
  holds,
  isObject,
  type Report,
  type Verdict,
} from './condition.ts'
import type { Conditions, Policy } from './policy.ts'
import { readTimeWindow } from './time-window.ts'

export interface Condition {
  readonly name: string
  readonly check: Check
}

const jsonCharactersMax = 16 * 1024
const rangesMax = 256
const wordsMax = 64

const readers = new Map<string, ConditionParser>([
  ['ip_allowlist', readIpAllowlist],
  ['time_window', readTimeWindow],
  ['environment_in', (value, report) => readWords(value, report, ({ environment }) => environment, 'the environment')],
])

/** The only condition whose fact is a record of its own, so it is looked up only where a policy has it. */
const riskCondition = 'risk_verdict_max'

export function asksRisk({ attributeConditions }: Pick<Policy, 'attributeConditions'>): boolean {
  return attributeConditions !== undefined && Object.hasOwn(attributeConditions, riskCondition)
}

const attributeReaders = new Map<string, ConditionParser>([
  ['principal_role', (value, report) => readWords(value, report, ({ role }) => role, 'the role')],
  [
    'auth_method',
    (value, report) => readWords(value, report, ({ authMethod }) => authMethod, 'the authentication method'),
  ],
  [riskCondition, readRiskMax],
])

/** Conditions of the contract that this engine does not evaluate. They are kept, and an allow with one never applies. */
const otherNames: Readonly<Record<'conditions' | 'attribute_conditions', readonly string[]>> = {
  conditions: ['runtime_image_in'],
  attribute_conditions: ['required_tags', 'device_known'],
}

/** What is wrong with the conditions of a policy that is being written, by field. */
export function conditionProblems(conditions: unknown): Record<string, string> {
  return problemsOf('conditions', conditions, readers)
}

export function attributeConditionProblems(conditions: unknown): Record<string, string> {
  return problemsOf('attribute_conditions', conditions, attributeReaders)
}

/** Every condition of a policy, ready to be asked. One that is unknown or cannot be read is there too, and can never tell. */
export function compileConditions(policy: Pick<Policy, 'conditions' | 'attributeConditions'>): readonly Condition[] {
  return [...compile(policy.conditions, readers), ...compile(policy.attributeConditions ?? {}, attributeReaders)]
}

/**
 * Whether conditions let a policy apply. If one condition cannot be judged, the stricter answer holds: an allow does not apply,
 * and a deny applies. The other conditions do not matter then, since an unknown condition may change what they mean together.
 */
export function conditionsMet(effect: Policy['effect'], conditions: readonly Condition[], facts: Facts): boolean {
  let failed = false
  for (const { check } of conditions) {
    const { outcome } = check(facts)
    if (outcome === 'unknown') return effect === 'deny'
    if (outcome === 'fails') failed = true
  }
  return !failed
}

function problemsOf(
  field: 'conditions' | 'attribute_conditions',
  conditions: unknown,
  known: ReadonlyMap<string, ConditionParser>,
): Record<string, string> {
  if (!isObject(conditions)) return { [field]: 'must be an object' }
  if (JSON.stringify(conditions).length > jsonCharactersMax)
    return { [field]: `must be at most ${jsonCharactersMax} characters of JSON` }
  const problems: Record<string, string> = {}
  for (const [name, value] of Object.entries(conditions)) {
    const read = known.get(name)
    if (read) {
      read(value, (inner, problem) => {
        problems[`${field}.${name}${inner}`] = problem
        return () => unreadable
      })
    } else if (!otherNames[field].includes(name)) {
      problems[field] = `has a name that does not exist. The nearest is ${nearest(name, [...known.keys()])}`
    }
  }
  return problems
}

function compile(conditions: Conditions, known: ReadonlyMap<string, ConditionParser>): Condition[] {
  return Object.entries(conditions).map(([name, value]) => ({ name, check: compileOne(value, known.get(name)) }))
}

function compileOne(value: Json, read: ConditionParser | undefined): Check {
  if (!read) return () => unknownName
  let readable = true
  const check = read(value, () => {
    readable = false
    return () => unreadable
  })
  return readable ? check : () => unreadable
}

const unknownName = cannotTell('this server does not know the condition')
const unreadable = cannotTell('the condition cannot be read')

function readIpAllowlist(value: Json, report: Report): Check {
  if (!Array.isArray(value) || value.length === 0 || value.length > rangesMax) {
    return report('', `must be a list of 1 to ${rangesMax} addresses or CIDR ranges`)
  }
  const ranges: Cidr[] = []
  for (const [at, text] of (value as readonly Json[]).entries()) {
    const range = typeof text === 'string' ? parseCidr(text) : null
    if (!range) return report(`[${at}]`, 'must be an IPv4 or IPv6 address or a CIDR range, such as 10.0.0.0/8')
    ranges.push(range)
  }
  return ({ ip }) => {
    if (ip === null) return noAddress
    for (const range of ranges) if (cidrContains(range, ip)) return inList
    return notInList
  }
}

const inList = holds('the address is in the list')
const notInList = fails('the address is not in the list')
const noAddress = cannotTell('the address of the caller is not known')

/** A text, or a list of which one must be meant. Compared as they are. */
function readWords(value: Json, report: Report, fact: (facts: Facts) => string | null, what: string): Check {
  const words: readonly Json[] = Array.isArray(value) ? value : [value]
  if (
    words.length === 0 ||
    words.length > wordsMax ||
    !words.every((word) => typeof word === 'string' && word !== '')
  ) {
    return report('', `must be a list of 1 to ${wordsMax} strings`)
  }
  const allowed = new Set(words)
  const yes: Verdict = holds(`${what} is in the list`)
  const no: Verdict = fails(`${what} is not in the list`)
  const none: Verdict = cannotTell(`${what} is not known`)
  return (facts) => {
    const word = fact(facts)
    if (word === null) return none
    return allowed.has(word) ? yes : no
  }
}

/** The highest severity of a verdict with which the condition holds. */
function readRiskMax(value: Json, report: Report): Check {
  const max = (riskLevels as readonly Json[]).indexOf(value)
  if (max < 0) return report('', `must be one of ${riskLevels.join(', ')}`)
  return ({ risk }) => {
    if (risk === null) return noVerdictKnown
    return riskLevels.indexOf(risk) <= max ? lowRisk : highRisk
  }
}

const lowRisk = holds('the risk verdict about the caller is at most this severe')
const highRisk = fails('the risk verdict about the caller is more severe')
const noVerdictKnown = cannotTell('the risk verdict about the caller is not known')
