/** What an internal account can hold, with the decimal places of the smallest unit that the ledger counts. */
export const assetDecimals = { USD: 6, USDC: 6, USDT: 6, ETH: 18, BTC: 8, EUR: 6 } as const

export type Asset = keyof typeof assetDecimals

export const assets = Object.keys(assetDecimals) as [Asset, ...Asset[]]

/** The asset with this symbol. Null: the ledger does not have it. */
export function assetOf(symbol: string): Asset | null {
  return assets.find((asset) => asset === symbol) ?? null
}
