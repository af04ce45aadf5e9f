// Limits are decimal text in major units. Amounts are whole numbers of the smallest unit. No number is ever a float.

/** A limit in the smallest unit. Digits that the unit does not have are cut off, so a limit never grows. */
export function floorUnits(text: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
}

/** An amount in major units, without zeros at the end: `1.5`. */
export function majorText(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : ''
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0')
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  const whole = digits.slice(0, digits.length - decimals)
  return sign + (decimals === 0 || fraction === '' ? whole : `${whole}.${fraction}`)
}

export function least(amounts: readonly bigint[]): bigint | null {
  return amounts.reduce<bigint | null>((least, one) => (least === null || one < least ? one : least), null)
}

export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, one) => sum + one, 0n)
}
