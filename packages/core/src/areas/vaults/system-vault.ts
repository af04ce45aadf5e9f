import { nilUuid } from '../../kernel/ids.ts'
import { auditEvent, type Context, type Principal } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { newVault } from './new-vault.ts'
import { systemPrefix, type Vault, vaultKind } from './records.ts'

// Vaults that the engine creates. They have no owner. Owners and admins of the organisation can open them.

const nobody: Principal = { kind: 'user', id: nilUuid }

/** The vault `__<name>`. Null: no key was stored there yet. */
export function findSystemVault(unit: Unit, name: string): Vault | null {
  return unit.find(vaultKind, 'name', systemPrefix + name)
}

/**
 * Returns the vault `__<name>`. Creates it in the same unit if it does not exist. Call this once per unit, because a unit does
 * not find records that it has put itself.
 */
export function ensureSystemVault(context: Context, name: string, description: string): Vault {
  return findSystemVault(context.unit, name) ?? makeVault(context, systemPrefix + name, description)
}

function makeVault(context: Context, name: string, description: string): Vault {
  const vault = newVault(context, { name, description, createdBy: nobody })
  context.unit.audit(
    auditEvent(context, { action: 'vault.create', resource: { type: 'vault', id: vault.id }, details: { name } }),
  )
  return vault
}
