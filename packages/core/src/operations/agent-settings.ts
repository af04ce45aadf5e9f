import type * as z from 'zod'
import type { Json } from '../kernel/json.ts'

// An area declares the settings of an agent that it gives a meaning to. The schemas of agents are made from all of them.

/** One setting of an agent. */
export interface AgentSetting<T = unknown> {
  /** How it is given, with a description. */
  readonly schema: z.ZodType<T>
  /** How it is shown. Default: as it is given. */
  readonly shown?: z.ZodType
  /** What holds when it is not set. A setting at its default is not stored. Undefined: the setting has no effect. */
  readonly default: T | undefined
  /** What holds in place of a stored value that makes no sense: the value that restricts the agent most. */
  readonly strictest: T
  /** Whether null resets it. A switch is never reset by null, so that no guard is turned off by leaving out a value. */
  readonly isClearable: boolean
  /** Given when the agent is made, and never changed. */
  readonly isFixed?: true
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
  options: { default?: T; strictest: T; shown?: z.ZodType },
): AgentSetting<T> {
  return { schema, default: undefined, isClearable: true, ...options }
}

/** A setting that says who an agent is. */
export function fixedSetting<T>(schema: z.ZodType<T>, strictest: T): AgentSetting<T> {
  return { schema, default: undefined, strictest, isClearable: true, isFixed: true }
}

/** What holds of a group of settings: what is stored, else the default. What makes no sense counts as the strictest. */
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

/** The names of stored settings that make no sense, or that no area knows. */
export function brokenSettings(all: AgentSettings, stored: StoredSettings): string[] {
  return Object.keys(stored).filter((name) => all[name]?.schema.safeParse(stored[name]).success !== true)
}

/** Only what was given changes, and what is at its default is not kept. */
export function changedSettings(
  all: AgentSettings,
  before: StoredSettings,
  given: Readonly<Record<string, unknown>>,
): StoredSettings {
  const changed: Record<string, Json> = { ...before }
  for (const [name, { default: usual }] of Object.entries(all)) {
    const value = given[name]
    if (value === undefined) continue
    if (value === null || isDefault(value, usual)) delete changed[name]
    else changed[name] = value as Json
  }
  return changed
}

function isDefault(value: unknown, usual: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value === usual
}
