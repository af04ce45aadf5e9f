import type { Address } from '../../kernel/ip.ts'
import type { Json } from '../../kernel/json.ts'
import type { RiskLevel } from '../risk/index.ts'

/** What conditions are asked about. Null is what could not be found out, which is never taken for a good answer. */
export interface Facts {
  /** Milliseconds. */
  readonly now: number
  readonly ip: Address | null
  /** The environment an agent is tagged with. */
  readonly environment: string | null
  readonly role: string | null
  readonly authMethod: string | null
  /** The severity of the active risk verdict about the principal, or `none`. */
  readonly risk: RiskLevel | null
}

export interface Verdict {
  readonly outcome: 'holds' | 'fails' | 'unknown'
  /** Half a sentence for a person, without a value of the request or the policy. */
  readonly because: string
}

/** Asks one condition. Gives one of a few ready verdicts, so that asking costs no memory. */
export type Check = (facts: Facts) => Verdict

/** Says what is wrong with a condition: the field inside of it, and the problem. What it returns can never tell. */
export type Report = (field: string, problem: string) => Check

/** Makes the check of one kind of condition. */
export type ConditionParser = (value: Json, report: Report) => Check

export const holds = (because: string): Verdict => ({ outcome: 'holds', because })
export const fails = (because: string): Verdict => ({ outcome: 'fails', because })
export const cannotTell = (because: string): Verdict => ({ outcome: 'unknown', because })

export function isObject(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
