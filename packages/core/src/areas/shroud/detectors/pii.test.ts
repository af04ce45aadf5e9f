import fc from 'fast-check'
import { isValidIBAN } from 'ibantools'
import validator from 'validator'
import { describe, expect, it } from 'vitest'
import { settingsOf } from '../settings.ts'
import { shadowOf } from '../shadow.ts'
import { hasGithubChecksum } from './credentials.ts'
import { wordsOf } from './phrases.ts'
import { isAbaNumber, isCardNumber, isIban, isPhone, isSsn, personalData } from './pii.ts'

// Goal: numbers that only look like those of persons are none. Method: what other libraries say of the same numbers.

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })

function rulesIn(text: string): string[] {
  const shadow = shadowOf(text)
  const seen = {
    part: { text, role: 'user' },
    direction: 'request',
    shadow,
    words: wordsOf(shadow.lower),
    isDecoded: false,
  } as const
  return personalData.detect(seen, settingsOf({})).map(({ rule, start, end }) => `${rule} ${text.slice(start, end)}`)
}

/** The number with a last digit that makes the checksum of Luhn right. */
function withLuhn(digits: string): string {
  return Array.from('0123456789', (last) => digits + last).find((one) => validator.isLuhnNumber(one)) as string
}

describe('the checksum of a number', () => {
  it('of a card is right where another library says so', () => {
    const prefixes = fc.constantFrom('4', '51', '55', '2221', '34', '37', '6011', '65')
    fc.assert(
      fc.property(prefixes, digits(16), fc.boolean(), (prefix, rest, isRight) => {
        const length = prefix.startsWith('3') ? 15 : 16
        const number = isRight ? withLuhn((prefix + rest).slice(0, length - 1)) : (prefix + rest).slice(0, length)
        expect(isCardNumber(number)).toBe(validator.isCreditCard(number))
      }),
    )
  })

  it('of an IBAN is right where two other libraries say so', () => {
    const country = fc.constantFrom('DE', 'FR', 'GB', 'NL', 'CH', 'AT', 'BE', 'ES', 'NO', 'SE')
    fc.assert(
      fc.property(country, digits(30), fc.nat(98), (code, rest, check) => {
        const length = { DE: 22, FR: 27, GB: 22, NL: 18, CH: 21, AT: 20, BE: 16, ES: 24, NO: 15, SE: 24 }[
          code
        ] as number
        const bank = code === 'GB' ? 'NWBK' : code === 'NL' ? 'ABNA' : ''
        const iban = `${code}${String(check).padStart(2, '0')}${bank}${rest}`.slice(0, length)
        const sumIsRight = mod97(iban) === 1
        expect(isIban(iban)).toBe(sumIsRight)
        if (!sumIsRight) expect([isValidIBAN(iban), validator.isIBAN(iban)]).toEqual([false, false])
      }),
    )
    for (const iban of [
      'DE89370400440532013000',
      'GB29NWBK60161331926819',
      'NL91ABNA0417164300',
      'CH9300762011623852957',
    ]) {
      expect([isIban(iban), isValidIBAN(iban), validator.isIBAN(iban)]).toEqual([true, true, true])
    }
  })

  it('of a bank of the United States is right where another library says so', () => {
    fc.assert(
      fc.property(digits(9), (number) => {
        fc.pre(number !== '000000000')
        expect(isAbaNumber(number)).toBe(validator.isAbaRouting(number))
      }),
      { numRuns: 2_000 },
    )
  })

  it('of a GitHub token is right for those that GitHub makes', () => {
    expect(hasGithubChecksum('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')).toBe(true)
    expect(hasGithubChecksum('ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18')).toBe(false)
  })
})

function mod97(iban: string): number {
  const text = Array.from(iban.slice(4) + iban.slice(0, 4), (one) => Number.parseInt(one, 36)).join('')
  return Number(BigInt(text) % 97n)
}

describe('personal data', () => {
  it('is found with its place', () => {
    expect(rulesIn('Card 4111 1111 1111 1111, SSN 219-09-9999.')).toEqual([
      'card_number 4111 1111 1111 1111',
      'us_ssn 219-09-9999',
    ])
    expect(rulesIn('IBAN DE89 3704 0044 0532 0130 00 of jane.doe@acme-corp.com')).toEqual([
      'iban DE89 3704 0044 0532 0130 00',
      'email jane.doe@acme-corp.com',
    ])
    expect(rulesIn('Call (212) 555-0143 or +49 30 901820.')).toEqual(['phone (212) 555-0143', 'phone +49 30 901820'])
    expect(rulesIn('Routing number: 021000021')).toEqual(['aba_routing_number 021000021'])
    expect(rulesIn('seen from 84.17.52.9, api_key=9fKq27ZxPw81LmNb44Tz')).toEqual([
      'ip_address 84.17.52.9',
      'credential_assignment api_key=9fKq27ZxPw81LmNb44Tz',
    ])
  })

  it('is not in numbers that are no numbers of persons', () => {
    const texts = [
      'Order 4111 1111 1111 1112 shipped.',
      'Case 000-12-3456, part 666-12-3456, lot 123-45-67890.',
      'Version 10.4.2.1 on 192.168.1.20, 127.0.0.1 and 203.0.113.9.',
      'Timestamps 1716239022 and 2024-05-20 14:30:00.',
      'Reference 021000021 of the parcel.',
      'Install @types/node@20.1.0 and mail admin@example.com.',
      'password=changeme, key=value, token: see the manual',
    ]
    for (const text of texts) expect(rulesIn(text), text).toEqual([])
  })

  it('is a telephone number or a number of social security only if it was given out', () => {
    expect(['212-555-0143', '(415) 555-2671', '+1 415 555 2671', '+44 20 7946 0958'].map(isPhone)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(['111-555-0143', '212-055-0143', '212-911-0143', '222-222-2222'].map(isPhone)).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(['219-09-9999', '900-12-3456', '219-00-9999', '219-09-0000', '219-09 9999'].map(isSsn)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
