import { FieldProblem } from '../api.ts'

// Amounts of chains of the EVM family. They are whole numbers of wei on the wire, and no number is ever a float.

const decimals = 18

/** `1250000000000000000` as `1.25`. */
export function etherOf(wei: string): string {
  const digits = wei.padStart(decimals + 1, '0')
  const fraction = digits.slice(-decimals).replace(/0+$/, '')
  return `${digits.slice(0, -decimals)}${fraction && `.${fraction}`}`
}

/** `1.25` as `1250000000000000000`. Throws for the field when it is no amount. */
export function weiOf(text: string, field: string): string {
  const [, whole = '', fraction = ''] = /^(\d{1,30})(?:\.(\d{1,18}))?$/.exec(text) ?? []
  if (whole === '') throw new FieldProblem(field, 'must be an amount such as 0.25')
  return BigInt(whole + fraction.padEnd(decimals, '0')).toString()
}
