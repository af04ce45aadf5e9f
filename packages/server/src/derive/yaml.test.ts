import { registry } from '@pawl/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { tries } from '../../../../tools/test-run/index.ts'
import { openApi } from '../http/openapi.ts'
import { yamlOf } from './yaml.ts'

test('S11: another implementation reads from the YAML what was written, for the contract and for any data', () => {
  const contract = openApi(registry, {})
  expect(parse(yamlOf(contract))).toEqual(JSON.parse(JSON.stringify(contract)))
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false } as never), (data) => {
      expect(parse(yamlOf(data))).toEqual(JSON.parse(JSON.stringify(data)))
    }),
    { numRuns: tries(300, 4) },
  )
})

test('no name is taken for a number, a truth or nothing', () => {
  expect(yamlOf({ no: 1, '200': 'x', a: { 'b c': [] } })).toBe('"200": "x"\n"no": 1\na:\n  "b c": []\n')
})
