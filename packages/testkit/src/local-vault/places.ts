/** A path, or a pattern, in a vault that is known by its name. */
export interface Place {
  readonly vault: string
  readonly path: string
}

/** `db/password` is in the first of the vaults, `prod:db/password` in the one of that name: no path has a colon. */
export function placeOf(text: string, vaults: readonly string[]): Place {
  const colon = text.indexOf(':')
  const vault = colon === -1 ? (vaults[0] ?? '') : text.slice(0, colon)
  if (!vaults.includes(vault)) {
    throw new Error(`${text}: no vault has this name. Vaults: ${vaults.join(', ')}.`)
  }
  return { vault, path: text.slice(colon + 1) }
}

/** The other way round, as short as it goes. */
export function placeText({ vault, path }: Partial<Place>, vaults: readonly string[]): string {
  if (path === undefined) return vault ?? ''
  return vault === undefined || vault === vaults[0] ? path : `${vault}:${path}`
}
