import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, denied, fields, type Principal } from '../../operations/index.ts'
import { agentKind } from '../agents/index.ts'
import { owns, vaultKind } from '../vaults/index.ts'
import { type Grant, grantKind } from './records.ts'
import { timeOf } from './schemas.ts'

export const GrantBody = z
  .object({
    id: fields.id(),
    vault_id: fields.id(),
    allowed_paths: z.array(z.string()),
    permissions: z.array(z.string()),
    expires_at: fields.shownTime().nullable(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'PlatformGrant' })

export function grantBody({ id, vaultId, paths, permissions, expiresAt, createdAt }: Grant): z.infer<typeof GrantBody> {
  return {
    id,
    vault_id: vaultId,
    allowed_paths: [...paths],
    permissions: [...permissions],
    expires_at: timeOf(expiresAt),
    created_at: rfc3339(createdAt),
  }
}

/** The grants of a connection, oldest first. One that has expired is none. */
export function liveGrants({ unit, now }: Pick<Context, 'unit' | 'now'>, connectionId: string): readonly Grant[] {
  const all = unit.list(grantKind, 'connection', connectionId)
  return all.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
}

/** Stages the end of grants whose time is over, so that they take no room. Returns their number. */
export function dropEnded({ unit, now }: Pick<Context, 'unit' | 'now'>, connectionId: string): number {
  const ended = unit
    .list(grantKind, 'connection', connectionId)
    .filter(({ expiresAt }) => (expiresAt ?? now + 1) <= now)
  for (const one of ended) unit.delete(grantKind, one)
  return ended.length
}

/** Returns whether two grants allow the same. Revoking one of two such grants would change nothing. */
export function isAlike(one: Wanted, other: Wanted): boolean {
  const facts = ({ connectionId, vaultId, paths, permissions, expiresAt }: Wanted) =>
    JSON.stringify([connectionId, vaultId, [...new Set(paths)].sort(), [...new Set(permissions)].sort(), expiresAt])
  return facts(one) === facts(other)
}

type Wanted = Omit<Grant, 'id' | 'createdAt'>

/** A user passes on what is theirs, and nothing that others let them use (D5). */
export function requireOwn(
  { unit }: Pick<Context, 'unit'>,
  user: Principal,
  { vaultIds, agentIds }: { readonly vaultIds: readonly string[]; readonly agentIds: readonly string[] },
): void {
  for (const id of vaultIds) {
    const vault = unit.get(vaultKind, id)
    if (!vault || !owns(user, vault)) throw denied({ reason: 'You can grant only vaults that you own (vault_ids).' })
    unit.check(vaultKind, vault)
  }
  for (const id of agentIds) {
    const agent = unit.get(agentKind, id)
    if (!agent || !isSame(agent.createdBy, user)) {
      throw denied({ reason: 'You can grant only agents that you created (agent_ids).' })
    }
    unit.check(agentKind, agent)
  }
}

function isSame(one: Principal, other: Principal): boolean {
  return one.kind === other.kind && one.id === other.id
}
