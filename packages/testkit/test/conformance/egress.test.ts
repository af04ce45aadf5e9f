import { type Egress, EgressDenied, EgressFailed, type EgressRequest, type EgressResponse } from '@pawl/core/ports'
import { noEgress } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { egressAnswer, testEgress } from '../../src/conformance/egress.ts'
import { casesOf } from './cases.ts'

const origin = 'https://server.example:8443'

type Faults = Partial<Record<keyof typeof faults, true>>

const faults = {
  'answers everybody': 'denies every destination that nobody allowed, names who asked, and repeats nothing else',
  'repeats the URL that it denies':
    'denies every destination that nobody allowed, names who asked, and repeats nothing else',
  'does not know PATCH': 'sends a PATCH as it was given, and gives the answer',
  'drops the body': 'sends a POST as it was given, and gives the answer',
  'sends a body that nobody gave': 'sends a GET as it was given, and gives the answer',
  'drops headers': 'sends a HEAD as it was given, and gives the answer',
  'undoes escapes': 'sends a PUT as it was given, and gives the answer',
  'says 200 to everything': 'sends a DELETE as it was given, and gives the answer',
  'follows redirects': 'gives a redirect as the answer',
  'cuts what is too long': 'gives an answer of as many bytes as are allowed, and none of more',
  'waits for ever, and says that all is well': 'waits for an answer no longer than it was told to',
  'looks at the host alone': 'denies another scheme and another port of the same host, and credentials in the URL',
  'takes credentials': 'denies another scheme and another port of the same host, and credentials in the URL',
  'passes headers on as they are': 'refuses headers that would be several, or change where the request goes or ends',
} as const

testEgress('noEgress', () => ({ egress: noEgress }), { describe, it })
testEgress('the model that is broken below', () => ({ egress: model({}), origin }), { describe, it })

describe('the egress suite', () => {
  it.each(Object.entries(faults))('turns red for an egress that %s', async (fault, foundBy) => {
    const body = casesFor({ [fault]: true }).get(foundBy)
    expect(body, `there is no case "${foundBy}"`).toBeDefined()
    await expect(body?.()).rejects.toThrow()
  })

  it('has no case that no fault turns red', () => {
    expect(new Set(casesFor({}).keys())).toEqual(new Set(Object.values(faults)))
  })
})

const casesFor = (broken: Faults) =>
  casesOf((runner) => testEgress('broken', () => ({ egress: model(broken), origin }), runner))

/** An egress to the server of the suite without a network between, and ways to get it wrong. */
function model(broken: Faults): Egress {
  const arrive = (given: EgressRequest, path: string): EgressResponse | null => {
    const method = given.method === 'PATCH' && broken['does not know PATCH'] ? 'POST' : given.method
    const headers = broken['drops headers'] ? {} : given.headers
    const body = broken['drops the body'] ? undefined : given.body
    const added = broken['sends a body that nobody gave'] ? Uint8Array.of(1) : new Uint8Array()
    return egressAnswer({
      ...{ method, headers, body: body ?? added },
      path: broken['undoes escapes'] ? decodeURIComponent(path) : path,
    })
  }
  const allowed = (url: URL, headers: EgressRequest['headers']) => {
    const isOrigin = url.origin === origin || (broken['looks at the host alone'] && url.hostname === 'server.example')
    const isPlain = url.username === '' || broken['takes credentials']
    const isWhole = Object.entries(headers).every(
      ([name, value]) => /^(authorization|x-[a-z]+)$/.test(name) && !/[\r\n]/.test(value),
    )
    return isOrigin && isPlain && (isWhole || broken['passes headers on as they are'])
  }
  return {
    fetch: async (given) => {
      const denied = new EgressDenied(`webhook${broken['repeats the URL that it denies'] ? given.url : ''}`)
      if (!URL.canParse(given.url) && !broken['answers everybody']) throw denied
      const url = new URL(given.url, origin)
      if (!allowed(url, given.headers) && !broken['answers everybody']) throw denied
      const first = arrive(given, `${url.pathname}${url.search}`)
      const answer = first?.status === 302 && broken['follows redirects'] ? arrive(given, '/echo') : first
      if (!answer && !broken['waits for ever, and says that all is well']) throw new EgressFailed('webhook')
      const { status = 200, headers = {}, body = new Uint8Array() } = answer ?? {}
      if (body.length > given.responseBytesMax && !broken['cuts what is too long']) throw new EgressFailed('webhook')
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
      return { status: broken['says 200 to everything'] ? 200 : status, headers: lower, body }
    },
  }
}
