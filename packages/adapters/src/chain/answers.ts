import { ChainRejected, type ChainRejection, ChainUnavailable } from '@pawl/core/ports'

// Parses the answers of nodes. An answer in another format counts as no answer.

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

/** A whole number, as JSON has it or as text. */
export function wholeOf(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value === 'string' && /^[0-9]{1,30}$/.test(value)) return BigInt(value)
  throw unreadable('a number')
}

export function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw unreadable('a text')
  return value
}

/** The hexadecimal digits of 32 bytes. */
export function idOf(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/i.test(value)) throw unreadable('an ID')
  return value
}

export type Refusals = readonly (readonly [words: RegExp, rejection: ChainRejection])[]

/** Only a known message means that the chain never accepts a transaction. After another message, it can accept it later. */
export function refusal(refusals: Refusals, message: string): Error {
  const shown = [...message].map((letter) => (letter < ' ' || letter === '\u007f' ? ' ' : letter)).join('')
  const [, rejection] = refusals.find(([words]) => words.test(message)) ?? []
  if (rejection) return new ChainRejected(rejection, `The node refused the transaction: ${shown.slice(0, 300)}.`)
  return new ChainUnavailable(`The node did not accept the transaction: ${shown.slice(0, 300)}.`)
}
