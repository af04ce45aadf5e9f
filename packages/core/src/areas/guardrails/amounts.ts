// Limits are decimal text in major units. Amounts are whole numbers of the smallest unit. No number is ever a float.

/** A limit in the smallest unit. Digits that the unit does not have are cut off, so a limit never grows. */
export function floorUnits(text: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
}

export function least(amounts: readonly bigint[]): bigint | null {
  return amounts.reduce<bigint | null>((least, one) => (least === null || one < least ? one : least), null)
}

export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, one) => sum + one, 0n)
}
