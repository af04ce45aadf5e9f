import * as z from 'zod'
import * as fields from './fields.ts'

// What settings of agents are made of. Amounts are decimal strings, never numbers, so that no float rounds a limit; a limit
// that cannot be read is refused, never ignored.

const listMax = 1_000

/** An amount in major units: digits, and a fraction if need be. No sign, no exponent, no leading zero. */
export const decimal = () =>
  z
    .string('must be a decimal number in a string, such as "0.5"')
    .regex(/^(?:0|[1-9]\d{0,77})(?:\.\d{1,36})?$/, 'must be a decimal number in a string, such as "0.5"')

export const flag = () => z.boolean('must be true or false')

export const word = (max = 256) => fields.plainText(max, 1)

export const words = (max = 256) =>
  z.array(word(max), 'must be a list').max(listMax, `must have at most ${listMax} entries`)

export const chainName = () => z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be the name of a chain')

export const uri = () => word(2_048).regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'must be an absolute URI')

export function environment() {
  const problem = 'must be 2 to 30 lowercase letters, digits and hyphens, such as production'
  return z
    .string(problem)
    .regex(/^[a-z0-9][a-z0-9-]{0,28}[a-z0-9]$/, problem)
    .describe('Environment of the agent, such as production.')
}

/** Entries of one list. */
export const entriesMax = listMax

/** An allowlist that allows nothing: an empty one would allow everything. */
export const allowsNothing = ['(nothing)']
