import { freeAreas } from '../areas/free-areas.ts'
import { areas as builtIn, type OwnRegistry } from '../areas/index.ts'
import { keyringRef } from '../crypto/unfinished.ts'
import { internalError } from '../kernel/errors.ts'
import {
  type AnyOperation,
  type Area,
  type Change,
  cascadeJob,
  type GovernedOperation,
  idempotentCallKind,
  idempotentCallsTask,
  inPages,
  type JobType,
  type JoinedAreas,
  jobKind,
  operationsOf,
  perform,
  purposesOf,
  quotaKind,
  quotasTask,
  type Registry,
  type RotateKeys,
  type ScheduledTask,
  scopeOf,
  scopesOf,
  usedProofKind,
  usedProofsTask,
} from '../operations/index.ts'
import { type AnyKind, blockKind, laneKind, laneMonthKind, listVersionKind } from '../records/index.ts'

/** Everything that the areas of an engine declare. */
export interface Abilities extends JoinedAreas {
  readonly registry: Registry
  /** Every kind of record, by name. */
  readonly kinds: readonly AnyKind[]
  readonly jobs: readonly JobType<never>[]
  readonly scheduledTasks: readonly ScheduledTask[]
  readonly rotateKeys: readonly RotateKeys[]
  readonly areas: readonly Area[]
}

/** Kinds of the layers below the areas. */
const baseKinds: readonly AnyKind[] = [
  blockKind,
  idempotentCallKind,
  jobKind,
  laneKind,
  laneMonthKind,
  listVersionKind,
  quotaKind,
  usedProofKind,
]

const ownAreas: readonly Area[] = builtIn.map((area) => (freeAreas.has(area.name) ? area : { ...area, metered: true }))

/** The abilities of every engine: our own areas, joined once. */
export const ownAbilities = joinAreas([])

/** The operations of every engine: those of our own areas. */
export const registry = ownAbilities.registry as OwnRegistry

/** True for bodies that the records layer encrypts. Others are wrapped by the HSM, or no secret. */
export function isEncryptedByRecords({ kind }: { readonly kind: string }): boolean {
  return !otherBodies.has(kind)
}

const otherBodies = new Set([keyringRef.kind, ...ownAreas.flatMap(({ clearRecords = [] }) => clearRecords)])

/** Our own areas and those that are added. Throws when an added area takes a name that is in use. */
export function joinAreas(added: readonly Area[]): Abilities {
  const all: readonly Area[] = [...ownAreas, ...added]
  checkUnique(
    'area',
    all.map(({ name }) => name),
  )
  for (const area of added) checkPlugin(area)
  const joined = joinedOf(all)
  const registry = registryOf(all, joined)
  checkOperations(operationsOf(registry))
  const governed = new Map(operationsOf(registry).flatMap((one) => (one.governed ? [[one.name, governedOf(one)]] : [])))
  const kinds = [...baseKinds, ...all.flatMap((area) => area.kinds ?? [])]
  checkUnique(
    'kind',
    kinds.map(({ name }) => name),
  )
  return {
    areas: all,
    registry,
    kinds,
    jobs: [cascadeJob, ...all.flatMap((area) => area.jobs ?? [])],
    scheduledTasks: [
      idempotentCallsTask,
      quotasTask,
      usedProofsTask,
      ...all.flatMap((area) => area.scheduledTasks ?? []),
    ],
    rotateKeys: all.flatMap((area) => area.rotateKeys ?? []),
    ...joined,
    governedOperation: (name) => governed.get(name) ?? null,
  }
}

function governedOf(operation: AnyOperation): GovernedOperation {
  return {
    reveals: (operation.reveals?.length ?? 0) > 0,
    scope: scopeOf(operation),
    perform: (engine, input, origin) => perform(engine, operation, input, origin),
  }
}

function registryOf(areas: readonly Area[], joined: Declared): Registry {
  const withOperations = areas.filter(({ operations }) => Object.keys(operations).length > 0)
  return Object.fromEntries(
    withOperations.map((area) => [
      area.name,
      Object.fromEntries(Object.entries(area.operations).map(([verb, one]) => [verb, complete(one, area, joined)])),
    ]),
  )
}

/** An operation with its schemas in this engine, and with the summary and the metering of its area. */
function complete(operation: AnyOperation, { summary, metered }: Area, joined: Declared): AnyOperation {
  const own = inPages({ ...operation, ...(operation.joined?.(joined) as object) })
  // Every call reads this object. Fields after the spread would make reads slow.
  return Object.freeze({ areaSummary: summary, metered: metered ?? false, ...own })
}

type Declared = Omit<JoinedAreas, 'governedOperation'>

function joinedOf(areas: readonly Area[]): Declared {
  const settings = areas.flatMap((area) => Object.entries(area.agentSettings ?? {}))
  checkUnique(
    'agent setting',
    settings.map(([name]) => name),
  )
  const guards = areas.flatMap((area) => Object.entries(area.guards ?? {}))
  checkUnique(
    'guard',
    guards.map(([type]) => type),
  )
  const byType = new Map(guards)
  const carried = areas.flatMap((area) => Object.entries(area.carriesOut ?? {}))
  checkUnique(
    'action',
    carried.map(([action]) => action),
  )
  const carriers = new Map(carried)
  const modes = areas.flatMap((area) => Object.entries(area.transactionModes ?? {}))
  checkUnique(
    'transaction mode',
    modes.map(([mode]) => mode),
  )
  const byMode = new Map(modes)
  const declared = { removed: 'onRemoved', disabled: 'onDisabled', rotated: 'onRotated' } as const
  return {
    guard: (type) => {
      const guard = byType.get(type)
      if (!guard) throw internalError()
      return guard
    },
    confirm: confirmationOf(areas),
    agree: oneOf('agrees', areas) ?? (() => null),
    ruleOn: oneOf('ruleOn', areas) ?? (() => null),
    governed: governedBy(areas),
    purposes: purposesOf(areas.flatMap(({ operations }) => Object.values(operations))),
    admissions: areas.flatMap(({ admits }) => admits ?? []),
    cascades: (change: Change, subject) => areas.flatMap((area) => area[declared[change]]?.[subject] ?? []),
    agentSettings: Object.fromEntries(settings),
    meter: oneOf('meters', areas),
    payments: oneOf('payments', areas),
    metered: areas.flatMap(({ operations, metered = false }) =>
      Object.values(operations).flatMap((one) => ((one.metered ?? metered) ? one.name : [])),
    ),
    agentChanges: areas.flatMap(({ onAgentChange }) => onAgentChange ?? []),
    agentAdditions: areas.flatMap(({ agentAdditions }) => agentAdditions ?? []),
    carriesOut: (action) => carriers.get(action) ?? null,
    watchers: areas.flatMap(({ watches }) => watches ?? []),
    transactionMode: (mode) => byMode.get(mode) ?? null,
    listeners: areas.filter(({ listensTo }) => listensTo !== undefined),
    routes: new Map(
      areas
        .flatMap(({ operations }) => Object.values(operations))
        .flatMap(({ name, http }) => (http ? [[name, http] as const] : [])),
    ),
    actions: actionsOf(areas),
    scopes: scopesOf(areas.flatMap(({ operations }) => Object.values(operations))),
    onCreated: (made) => areas.flatMap((area) => area.onCreated?.[made] ?? []),
  }
}

function governedBy(areas: readonly Area[]): readonly string[] {
  const operations = areas.flatMap((area) => Object.values(area.operations))
  const actions = operations.flatMap(({ governed = [] }) => governed.map(({ action }) => action))
  return [...new Set(actions)].sort()
}

function actionsOf(areas: readonly Area[]): JoinedAreas['actions'] {
  const reported = areas.flatMap(({ reports = [] }) => reports.map((action) => [action, 'write'] as const))
  const told = areas
    .flatMap(({ operations }) => Object.values(operations))
    .flatMap(({ audit, effect, reveals = [], takesData = false }) => {
      if (audit === 'none') return []
      const does = effect === 'read' && (takesData || reveals.length > 0) ? 'reveal' : effect
      return [audit.action, ...(audit.settled ? [audit.settled] : [])].map((action) => [action, does] as const)
    })
  // An action of several operations has the strongest of their effects: the last one in the map wins.
  const strengths = { read: 0, reveal: 1, write: 2 } as const
  return new Map([...told, ...reported].sort(([, one], [, other]) => strengths[one] - strengths[other]))
}

/** Exactly one area decides about confirmations. */
function confirmationOf(areas: readonly Area[]): JoinedAreas['confirm'] {
  const [confirms, ...others] = areas.flatMap((area) => area.confirms ?? [])
  if (!confirms || others.length > 0) throw new TypeError('One area must have `confirms`, and only one.')
  return confirms
}

/** A field that at most one area can declare. */
function oneOf<Field extends 'agrees' | 'ruleOn' | 'meters' | 'payments'>(field: Field, areas: readonly Area[]) {
  const [one = null, ...others] = areas.flatMap((area) => area[field] ?? [])
  if (others.length > 0) throw new TypeError(`Only one area can have \`${field}\`.`)
  return one as NonNullable<Area[Field]> | null
}

/** Records outlive the code. So a later kind of Pawl must not find records of a plugin under its name. */
function checkPlugin({ name, operations, kinds = [] }: Area): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`The name of an area must be a lowercase word: ${name}`)
  for (const [verb, operation] of Object.entries(operations)) {
    const wanted = `${name}.${verb}`
    if (operation.name !== wanted) throw new TypeError(`The operation ${operation.name} must be named ${wanted}.`)
  }
  for (const kind of kinds) {
    if (!kind.name.startsWith(`${name}.`))
      throw new TypeError(`The kind ${kind.name} must be named ${name}.${kind.name}.`)
  }
}

function checkOperations(operations: readonly AnyOperation[]): void {
  for (const operation of operations) {
    checkIdempotent(operation)
    checkLimits(operation)
  }
  const taken = operations.flatMap((operation) => namesOf(operation).map((one) => [one, operation.name] as const))
  const seen = new Map<string, string>()
  for (const [one, name] of taken) {
    const other = seen.get(one)
    if (other !== undefined) throw new TypeError(`The ${one} of ${name} belongs to ${other}.`)
    seen.set(one, name)
  }
}

/** The names that no other operation may use. Routes that differ only in the names of their parameters are the same. */
function namesOf({ http, tools = [], command }: AnyOperation): string[] {
  const routes = http ? [http, ...(http.aliases ?? [])] : []
  return [
    ...routes.map(({ method, path }) => `route ${method} ${path.replace(/\{[^}+]+(\+?)\}/g, '{$1}')}`),
    ...(http ? [`operationId ${http.id}`] : []),
    ...tools.map((tool) => `tool ${tool.name}`),
    ...(command?.name ? [`command ${command.name}`] : []),
  ]
}

/** The engine stores the answer of an idempotent call, and gives it only to the caller who made the call. */
function checkIdempotent({ name, idempotent, access, reveals = [] }: AnyOperation): void {
  if (!idempotent) return
  if (access === 'public') {
    throw new TypeError(
      `${name} must not be idempotent and public, because the server cannot recognise a caller who retries.`,
    )
  }
  if (idempotent === true && reveals.length > 0)
    throw new TypeError(
      `${name} must not be idempotent and reveal a secret, because the server would store the secret.`,
    )
}

/** The engine counts a quota in the commit of the call. So the call must write, and the engine must know the caller by then. */
function checkLimits({ name, access, effect, limits = [] }: AnyOperation): void {
  for (const limit of limits) {
    if (!('quota' in limit)) continue
    if (effect !== 'write') throw new TypeError(`${name} must have the effect write, because a quota counts its calls.`)
    if (access === 'public' && limit.per !== 'value')
      throw new TypeError(`${name} is public, so its quota must count per value.`)
  }
}

function checkUnique(what: string, names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new TypeError(`Two areas declare the ${what} ${twice}.`)
}
