import { type Caller, type Context, hasScope, type Principal } from '../../operations/index.ts'
import { type Agent, agentKind, sees } from '../agents/index.ts'
import { directoryKind, type User, userKind } from '../orgs/index.ts'

/** A principal with the name that the caller may see. */
export interface Named {
  readonly principal: Principal
  readonly name: string | undefined
  /** The name in lower case, or the id. */
  readonly sorted: string
}

export type PlaceInNames = readonly [sorted: string, kind: string, id: string]

/** The principals whose name, email or ID contains a text, sorted by name. Reads the names of all at once. */
export function namesOf({ unit, caller }: Context, principals: readonly Principal[], search: string): Named[] {
  const idsOf = (kind: Principal['kind']) => principals.filter((one) => one.kind === kind).map(({ id }) => id)
  const agents = byId(unit.getAll(agentKind, idsOf('agent')))
  const users = byId(unit.getAll(userKind, idsOf('user')))
  const wanted = search.trim().toLowerCase()
  return principals
    .map((principal) => {
      const { kind, id } = principal
      const texts = kind === 'agent' ? textsOfAgent(caller, agents.get(id)) : textsOfUser(caller, users.get(id))
      const [name] = texts
      return { principal, name, sorted: name?.toLowerCase() ?? id, texts: [...texts, id] }
    })
    .filter(({ texts }) => texts.some((text) => text.toLowerCase().includes(wanted)))
    .sort((one, other) => compare(placeOf(one), placeOf(other)))
    .map(({ principal, name, sorted }) => ({ principal, name, sorted }))
}

/** Number of principals up to and including this place. */
export function rankOfName(named: readonly Named[], place: PlaceInNames): number {
  const next = named.findIndex((one) => compare(placeOf(one), place) > 0)
  return next === -1 ? named.length : next
}

function byId<T extends Agent | User>(found: readonly (T | null)[]): ReadonlyMap<string, T> {
  return new Map(found.flatMap((one) => (one ? [[one.id, one] as const] : [])))
}

/** The owner of a vault can write a policy for any id. The owner must not learn the names of agents in this way. */
function textsOfAgent(caller: Caller, agent: Agent | undefined): readonly string[] {
  return agent && mayRead(caller, 'agents:read') && sees(caller, agent) ? [agent.name] : []
}

function mayRead(caller: Caller, scope: string): boolean {
  return caller.kind !== 'user' || hasScope(caller.keyScopes, scope)
}

/** Users see the members of their organisation. */
function textsOfUser(caller: Caller, user: User | undefined): readonly string[] {
  if (!user || caller.kind !== 'user' || !mayRead(caller, 'orgs:read')) return []
  return user.displayName ? [user.displayName, user.email] : [user.email]
}

function placeOf({ sorted, principal }: Named): PlaceInNames {
  return [sorted, principal.kind, principal.id]
}

function compare(one: PlaceInNames, other: PlaceInNames): number {
  const at = one.findIndex((part, place) => part !== other[place])
  if (at === -1) return 0
  return (one[at] as string) < (other[at] as string) ? -1 : 1
}

/** Reads at once what `knownAs` reads for each of these principals. */
export function readAll({ unit }: Pick<Context, 'unit'>, named: readonly Named[]): void {
  unit.getAll(
    directoryKind,
    named.map(({ principal }) => principal.id),
  )
}
