import * as z from 'zod'
import { utf8 } from '../../kernel/bytes.ts'
import type { Json } from '../../kernel/json.ts'
import { fields } from '../../operations/index.ts'
import { methods } from './config.ts'
import { isForAgents, isTransport } from './headers.ts'

// The parameters of one call. Unknown parameters are refused, not ignored.

const bodyBytesMax = 1024 * 1024
export const paramsBytesMax = 2 * bodyBytesMax
const pairsMax = 100

/** A string that can be encoded as UTF-8. */
const text = () => z.string('must be a string').regex(/^\P{Cs}*$/u, 'must not have unpaired surrogates')

const headers = () =>
  z
    .record(z.string(), text(), 'must be an object of strings')
    .refine((given) => Object.keys(given).length <= pairsMax, `must have at most ${pairsMax} entries`)
    .refine(
      (given) => Object.keys(given).every((name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name)),
      'must have valid header names',
    )
    .transform((given) => Object.fromEntries(Object.entries(given).filter(([name]) => !isTransport(name))))
    .refine(
      (given) => Object.keys(given).every(isForAgents),
      'must not have a header that agents may not set, such as authorization, cookie, host or range',
    )
    .refine(
      (given) => Object.values(given).every((value) => /^[\t\x20-\x7e]{0,8192}$/.test(value)),
      'must have values of printable ASCII without line breaks',
    )
    .transform((given) => new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])))

const scalar = () => z.union([text(), z.number(), z.boolean()], 'must be a string, a number, true or false')

const query = () =>
  z
    .record(text(), z.union([scalar(), z.array(scalar()).max(pairsMax)]), 'must be an object')
    .refine((given) => Object.keys(given).length <= pairsMax, `must have at most ${pairsMax} entries`)
    .transform((given) =>
      Object.entries(given).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, String(one)]),
      ),
    )

const body = () => z.json('must be JSON or a string').refine(isSmall, `must have at most ${bodyBytesMax} bytes`)

function isSmall(given: Json): boolean {
  return utf8(typeof given === 'string' ? given : JSON.stringify(given)).length <= bodyBytesMax
}

export const HttpParams = z.strictObject(
  {
    method: fields.optional(z.enum(methods, `must be one of ${methods.join(', ')}`)),
    path: fields.optional(text()),
    url: fields.optional(text()),
    query: fields.optional(query()),
    headers: fields.optional(headers()),
    body: fields.optional(body()),
  },
  'must be an object with the fields method, path (or url), query, headers and body',
)

export type HttpParams = z.output<typeof HttpParams>

/** The body of a GraphQL request. */
export const GraphqlParams = z.strictObject(
  {
    query: text().min(1, 'must not be empty'),
    variables: fields.optional(fields.freeObject(bodyBytesMax)),
    operationName: fields.optional(text()),
    headers: fields.optional(headers()),
  },
  'must be an object with the fields query, variables, operationName and headers',
)

export type GraphqlParams = z.output<typeof GraphqlParams>
