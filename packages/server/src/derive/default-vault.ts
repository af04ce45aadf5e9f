/** The vault that is meant where none is named: the only one, of several the one named `default`, or else the oldest. */
export function defaultVault<V extends { readonly name: string }>(vaults: readonly V[]): V | undefined {
  return vaults.find(({ name }) => name === 'default') ?? vaults[0]
}
