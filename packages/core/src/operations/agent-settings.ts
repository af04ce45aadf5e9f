import type * as z from 'zod'
import { invalidField } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'

// Each area declares the agent settings that it uses. The engine builds the schemas of agents from all of them.

/** One setting of an agent. */
export interface AgentSetting<T = unknown> {
  /** How it is given, with a description. */
  readonly schema: z.ZodType<T>
  /** How it is shown. Default: as it is given. */
  readonly shown?: z.ZodType
  /** The default. The engine does not store a setting at its default. Undefined: the setting has no effect. */
  readonly default: T | undefined
  /** Replaces an invalid stored value. It is the value that restricts the agent most. */
  readonly strictest: T
  /** Whether null resets the setting. Null never resets a switch, so that a missing value turns off no guard. */
  readonly isClearable: boolean
  /** Set when the agent is created, and never changed. */
  readonly isFixed?: true
  /** An update of an object keeps the members that it does not name. Null removes a member. */
  readonly isMerged?: true
}

export type AgentSettings = Readonly<Record<string, AgentSetting>>

/** The stored settings of an agent, by name. One at its default is not there. */
export type StoredSettings = Readonly<Record<string, Json>>

/** A setting that is on or off. */
export function switchSetting(
  schema: z.ZodType<boolean>,
  { isOn = false, strictest }: { isOn?: boolean; strictest: boolean },
): AgentSetting<boolean> {
  return { schema, default: isOn, strictest, isClearable: false }
}

/** A setting with a value, which null resets. */
export function valueSetting<T>(
  schema: z.ZodType<T>,
  options: Pick<AgentSetting<T>, 'strictest' | 'shown' | 'isMerged'> & { readonly default?: T },
): AgentSetting<T> {
  return { schema, default: undefined, isClearable: true, ...options }
}

/** A setting that says who an agent is. */
export function fixedSetting<T>(schema: z.ZodType<T>, strictest: T): AgentSetting<T> {
  return { schema, default: undefined, strictest, isClearable: true, isFixed: true }
}

/** The effective values of a group of settings: the stored value, else the default. An invalid value counts as the strictest. */
export function settingsOf<G extends AgentSettings>(
  group: G,
  stored: StoredSettings,
): { readonly [Name in keyof G]: ValueOf<G[Name]> } {
  const values = Object.entries(group).map(([name, setting]) => [name, heldValue(setting, stored[name])])
  return Object.fromEntries(values)
}

type ValueOf<S> = S extends AgentSetting<infer T> ? T | undefined : never

function heldValue({ schema, default: usual, strictest }: AgentSetting, stored: Json | undefined): unknown {
  if (stored === undefined) return usual
  const parsed = schema.safeParse(stored)
  return parsed.success ? parsed.data : strictest
}

/** The names of stored settings that are invalid, or that no area declares. */
export function brokenSettings(all: AgentSettings, stored: StoredSettings): string[] {
  return Object.keys(stored).filter((name) => all[name]?.schema.safeParse(stored[name]).success !== true)
}

/** Applies the given settings. The others stay. Settings at their default are removed. */
export function changedSettings(
  all: AgentSettings,
  before: StoredSettings,
  given: Readonly<Record<string, unknown>>,
): StoredSettings {
  const changed: Record<string, Json> = { ...before }
  for (const [name, setting] of Object.entries(all)) {
    const value = given[name]
    if (value === undefined) continue
    if (value === null || isDefault(value, setting.default)) delete changed[name]
    else changed[name] = setting.isMerged ? merged(name, setting, before[name], value) : (value as Json)
  }
  return changed
}

/** Merges the given members, and checks the result, because together the members can be too large for the setting. */
function merged(name: string, { schema }: AgentSetting, before: Json | undefined, given: unknown): Json {
  const kept = before !== null && typeof before === 'object' && !Array.isArray(before) ? before : {}
  const members = Object.entries<Json>({ ...kept, ...(given as { [member: string]: Json }) })
  const value = Object.fromEntries(members.filter(([, member]) => member !== null))
  const [issue] = schema.safeParse(value).error?.issues ?? []
  if (issue) throw invalidField(name, issue.message)
  return value
}

function isDefault(value: unknown, usual: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value === usual
}
