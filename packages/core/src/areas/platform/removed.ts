import { type Context, type Engine, unitContext } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { count, countStatus } from './counts.ts'
import { appCountsKind, type Connection, connectionKind, grantKind, spendPolicyKind, templateKind } from './records.ts'

type Gone = { readonly org: string; readonly id: string }

/** Removes the records of a removed app. The resources of its users stay. */
export async function dropApp(engine: Engine, { org, id }: Gone): Promise<void> {
  const { records } = engine
  await dropAll(records, org, templateKind, 'app', id)
  await dropAll(records, org, spendPolicyKind, 'app', id)
  await dropConnections(engine, (unit) => unit.page(connectionKind, 'app', { tuple: [id], limit: 1 })[0] ?? null)
  await records.transactIn(org, (unit) => {
    const counts = unit.get(appCountsKind, id)
    if (counts) unit.delete(appCountsKind, counts)
  })
}

/** Removes the connections of a removed user. */
export async function dropUser(engine: Engine, { org, id }: Gone): Promise<void> {
  await dropConnections(engine, (unit) => unit.page(connectionKind, 'user', { tuple: [id], limit: 1 })[0] ?? null)
  await engine.records.transactIn(org, (unit) => {
    for (const policy of unit.list(spendPolicyKind, 'of', id)) unit.delete(spendPolicyKind, policy)
  })
}

/** Removes each connection with its grants, in the organisation of its user. */
async function dropConnections(engine: Engine, next: (unit: Unit) => Connection | null): Promise<void> {
  for (;;) {
    const found = await engine.records.transact((unit) => next(unit))
    if (!found) return
    await engine.records.transactIn(found.org, (unit) => {
      const connection = unit.get(connectionKind, found.id)
      if (connection) dropConnection(unitContext(engine, unit), connection)
    })
  }
}

function dropConnection({ unit }: Pick<Context, 'unit'>, connection: Connection): void {
  const grants = unit.list(grantKind, 'connection', connection.id)
  for (const grant of grants) unit.delete(grantKind, grant)
  unit.delete(connectionKind, connection)
  countStatus(unit, connection.appId, connection.status, null)
  count(unit, connection.appId, 'grants', -grants.length)
}

/** Removes the grants of a removed vault. */
export async function dropGrants({ records }: Engine, { org, id }: Gone): Promise<void> {
  await dropAll(records, org, grantKind, 'vault', id)
}

/** Adds an object that an app makes in the name of a user to their connection. */
export function joinConnection({ unit, caller }: Context, what: 'vaultIds' | 'agentIds', id: string): void {
  const delegation = caller.kind === 'user' ? caller.delegation : null
  const connection = delegation && unit.get(connectionKind, delegation.connectionId)
  if (connection) unit.put(connectionKind, { ...connection, [what]: [...connection[what], id] })
}
