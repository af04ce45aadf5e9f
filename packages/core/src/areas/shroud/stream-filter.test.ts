import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { Secret } from '../../kernel/secret.ts'
import { nobleCrypto } from '../../ports/reference/index.ts'
import { inspect } from './pipeline.ts'
import { knownSecretsOf } from './redaction/known-secrets.ts'
import { settingsOf } from './settings.ts'
import { streamFilter } from './stream-filter.ts'

// Goal: what comes out of a stream is what would come out of the whole text. Method: texts with credentials, beginnings of
// credentials and words that begin like one, cut anywhere.

const value = 'correct-horse-battery'
const known = knownSecretsOf(
  [{ vaultId: 'v', secretId: 's', path: 'db', value: Secret.of(value), searched: [Secret.of(value)] }],
  { key: new Uint8Array(32), crypto: nobleCrypto },
)
const settings = settingsOf({})

const piece = fc.constantFrom(
  ...['AKIAQ7ZB2MNX4KD5LWRT', 'sk_live_51H8xJ2eZvKYlo2CaBcD', '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', value],
  ...[
    '-----BEGIN RSA PRIVATE KEY-----',
    'Bearer q8Wn2kLp0ZxVb7Yt5Rm3Jc1H',
    'api_key = "q8Wn2kLp0ZxVb7Yt5Rm3"',
    'token: q8Wn2kLp0ZxVb7Yt5Rm3',
  ],
  ...['sk', 'sk_li', 'token', 'key', 'Bearer ', 'the key is', 'AKIA', 'eyJ', 'password', '-----BEGIN', 'correct-horse'],
  ...[' ', '  ', '\n', '.', ', ', '=', ':', '"', 'x', 'a1', '😀', 'é', 'hello world'],
)
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))

function streamed(whole: string, cuts: readonly number[]): string {
  const filter = streamFilter(settings, known)
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort((a, b) => a - b)
  const out = places.slice(1).map((to, at) => filter.push(whole.slice(places[at], to)).text)
  return out.join('') + filter.end().text
}

describe('the filter of a stream', () => {
  it('H3: gives for every cut the output of the whole text', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 10 }), (whole, cuts) => {
        expect(streamed(whole, cuts)).toBe(streamed(whole, []))
      }),
      { numRuns: tries(2_000, 4) },
    )
  })

  it('H3: gives for pieces of one character the output of the whole text', () => {
    fc.assert(
      fc.property(text, (whole) => {
        expect(
          streamed(
            whole,
            Array.from(whole, (_, at) => at),
          ),
        ).toBe(streamed(whole, []))
      }),
    )
  })

  it('takes out what the pipeline takes out of a whole answer', () => {
    const whole = `The password is ${value}, the key AKIAQ7ZB2MNX4KD5LWRT and the token Bearer q8Wn2kLp0ZxVb7Yt5Rm3Jc1H.`
    expect(streamed(whole, [20, 30, 60, 80])).toBe(inspect(whole, settings, known, 'response').texts[0])
    expect(streamed(whole, [33])).not.toContain(value)
  })

  it('H4: passes ordinary words on at once', () => {
    const filter = streamFilter(settings, known)
    for (const word of ['Hello', ' there', ', friend', '. ', 'Morning', '!\n'])
      expect(filter.push(word).text).toBe(word)
    expect(filter.push(' sk_live').text).toBe(' ')
    expect(filter.push(' is a prefix').text).toBe('sk_live is a prefix')
  })

  it('says what it replaced, and not what it was', () => {
    const filter = streamFilter(settings, known)
    const { findings } = filter.push(`x ${value} `)
    expect(findings).toMatchObject([{ detector: 'secret_redaction', rule: 'known_secret' }])
    expect(JSON.stringify(findings)).not.toContain(value)
    expect(filter.push('AKIAQ7ZB2MNX4KD5LWRT ').findings).toMatchObject([{ rule: 'aws_access_key' }])
  })
})
