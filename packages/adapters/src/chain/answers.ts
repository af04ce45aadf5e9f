import { ChainUnavailable } from '@pawl/core/ports'

// Reads the answers of nodes. What is not in the expected form is no answer.

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('an object')
  return { ...value }
}

export function quantityOf(value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value)) return BigInt(value)
  throw unreadable('a number')
}

export function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-f]{2})*$/i.test(value)) throw unreadable('bytes')
  return new Uint8Array(Buffer.from(value.slice(2), 'hex'))
}

export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable('a list')
  return value
}

export function unreadable(what: string): ChainUnavailable {
  return new ChainUnavailable(`A node gave an answer that is not ${what}.`)
}
