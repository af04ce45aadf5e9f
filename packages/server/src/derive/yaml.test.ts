import { registry } from '@pawl/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { openApi } from '../http/openapi.ts'
import { yamlOf } from './yaml.ts'

test('S11: another implementation reads from the YAML what was written, for the contract and for any data', () => {
  expect(parse(yamlOf(openApi(registry, {})))).toEqual(JSON.parse(JSON.stringify(openApi(registry, {}))))
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false } as never), (data) => {
      expect(parse(yamlOf(data))).toEqual(JSON.parse(JSON.stringify(data)))
    }),
    { numRuns: 300 },
  )
})

test('no name is taken for a number, a truth or nothing', () => {
  expect(yamlOf({ no: 1, '200': 'x', a: { 'b c': [] } })).toBe('"200": "x"\n"no": 1\na:\n  "b c": []\n')
})
