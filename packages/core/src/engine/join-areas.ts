import { taskList } from '../chores.ts'
import { jobTypes } from '../job-types.ts'
import { kinds } from '../kinds.ts'
import type { AnyOperation, Area, JobType, Registry, ScheduledTask } from '../operations/index.ts'
import { operationsOf } from '../operations/index.ts'
import type { AnyKind } from '../records/index.ts'
import { registry } from '../registry.ts'

/** All that an engine knows how to do. */
export interface Abilities {
  readonly registry: Registry
  readonly kinds: readonly AnyKind[]
  readonly jobs: readonly JobType<never>[]
  readonly scheduledTasks: readonly ScheduledTask[]
}

/** Our own areas and those that are added. Throws when one of these would take the place of something that is there. */
export function joinAreas(areas: readonly Area[]): Abilities {
  const joined: Record<string, Registry[string]> = { ...registry }
  for (const { name, operations, kinds: own = [] } of areas) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`The name of an area must be a lowercase word: ${name}`)
    if (joined[name]) throw new TypeError(`There is an area ${name} already.`)
    joined[name] = operations
    for (const [verb, operation] of Object.entries(operations)) checkName(`${name}.${verb}`, operation)
    for (const kind of own) checkKind(name, kind)
  }
  checkUnique(operationsOf(joined))
  for (const operation of operationsOf(joined)) checkIdempotent(operation)
  return {
    registry: joined,
    kinds: [...kinds, ...areas.flatMap((area) => area.kinds ?? [])],
    jobs: [...jobTypes, ...areas.flatMap((area) => area.jobs ?? [])],
    scheduledTasks: [...taskList, ...areas.flatMap((area) => area.scheduledTasks ?? [])],
  }
}

function checkName(wanted: string, { name }: AnyOperation): void {
  if (name !== wanted) throw new TypeError(`The operation ${name} must be named ${wanted}, after its place.`)
}

/** Records outlive the code, so a kind of ours that comes later must not find others under its name. */
function checkKind(area: string, { name }: AnyKind): void {
  if (!name.startsWith(`${area}.`)) throw new TypeError(`The kind ${name} must be named ${area}.${name}.`)
}

/** Answers to calls with a key are kept for whoever asks again, and are nothing to anybody else. */
function checkIdempotent({ name, idempotent, access, reveals = [] }: AnyOperation): void {
  if (!idempotent) return
  if (access === 'public')
    throw new TypeError(`${name} is idempotent and public: the server would not know who asks again.`)
  if (reveals.length > 0)
    throw new TypeError(`${name} is idempotent and reveals a secret, which the server would store.`)
}

function checkUnique(operations: readonly AnyOperation[]): void {
  const seen = new Map<string, string>()
  for (const { name, http, tools = [], command } of operations) {
    const routes = http ? [http, ...(http.aliases ?? [])] : []
    const taken = [
      ...routes.map(({ method, path }) => `route ${method} ${path.replace(/\{[^}+]+(\+?)\}/g, '{$1}')}`),
      ...(http ? [`operationId ${http.id}`] : []),
      ...tools.map((tool) => `tool ${tool.name}`),
      ...(command?.name ? [`command ${command.name}`] : []),
    ]
    for (const one of taken) {
      const other = seen.get(one)
      if (other !== undefined) throw new TypeError(`The ${one} of ${name} is that of ${other} already.`)
      seen.set(one, name)
    }
  }
}
