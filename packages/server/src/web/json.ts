import { isUtf8 } from 'node:buffer'
import { RequestRejected } from './errors.ts'

// JSON from untrusted senders. One pass over the bytes counts what would cost the parser time or memory, before the parser
// builds anything (G2).

const depthMax = 32
const keysMax = 10_000
/** Values in arrays and objects together. */
const valuesMax = 50_000

const quote = 0x22
const backslash = 0x5c

/** The value of a JSON text. The error for invalid JSON does not repeat the text. */
export function parseJson(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isUtf8(buffer)) throw new RequestRejected(400, 'invalid_json', 'The body is not UTF-8.')
  count(buffer)
  try {
    return JSON.parse(buffer.toString('utf8'))
  } catch {
    // The message of the parser quotes the text, which may contain a secret (F5).
    throw new RequestRejected(400, 'invalid_json', 'The body is not valid JSON.')
  }
}

/** Skips strings, so that brackets and commas inside a string do not count. */
function count(buffer: Buffer): void {
  let depth = 0
  let keys = 0
  let values = 0
  for (let at = 0; at < buffer.length; at++) {
    switch (buffer[at]) {
      case quote:
        at = endOfString(buffer, at)
        break
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > depthMax) throw tooMuch(`is nested more than ${depthMax} levels deep`)
        break
      case 0x7d: // }
      case 0x5d: // ]
        depth--
        break
      case 0x3a: // :
        if (++keys > keysMax) throw tooMuch(`has more than ${keysMax} keys`)
        break
      case 0x2c: // ,
        if (++values > valuesMax) throw tooMuch(`has more than ${valuesMax} values`)
        break
    }
  }
}

/** The position where the string that opens here closes; past the end if it does not close. */
function endOfString(buffer: Buffer, from: number): number {
  let at = buffer.indexOf(quote, from + 1)
  while (at !== -1 && isEscaped(buffer, at)) at = buffer.indexOf(quote, at + 1)
  return at === -1 ? buffer.length : at
}

/** A quote is part of the string after an odd number of backslashes. */
function isEscaped(buffer: Buffer, at: number): boolean {
  let before = at - 1
  while (buffer[before] === backslash) before--
  return (at - before) % 2 === 0
}

function tooMuch(problem: string): RequestRejected {
  return new RequestRejected(400, 'json_too_complex', `The body ${problem}.`)
}
