/** The fields of a vault from `vaults.list` that the choice needs. */
interface Choosable {
  readonly id: string
  readonly name: string
  readonly created_by: string
  readonly created_by_type: 'user' | 'agent'
  readonly made_by_agent?: boolean | undefined
}

/** The default vault, or the reason why there is none. */
export type Choice<V> = { readonly vault: V } | { readonly problem: 'none' | 'several' | 'by agents'; names: string[] }

/**
 * Chooses the only vault that a human made. A vault of an agent is never chosen for another caller, because the agent
 * could have made it to receive what others write. An agent that has no other vault may work in its own.
 */
export function defaultVault<V extends Choosable>(vaults: readonly V[], agentId?: string): Choice<V> {
  const open = vaults.filter(({ name }) => !name.startsWith('__'))
  const byHumans = open.filter((vault) => vault.created_by_type === 'user' && !vault.made_by_agent)
  const own = open.filter((vault) => vault.created_by_type === 'agent' && vault.created_by === agentId)
  const possible = byHumans.length > 0 ? byHumans : own
  const [vault] = possible
  if (vault && possible.length === 1) return { vault }
  const names = (possible.length > 0 ? possible : open).map(({ name }) => name)
  if (possible.length > 1) return { problem: 'several', names }
  return { problem: open.length > 0 ? 'by agents' : 'none', names }
}

/** The names of vaults for a message, with the rest counted. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
