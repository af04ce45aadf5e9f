import { parseAddress } from '../../../kernel/ip.ts'
import type { Detector, Hit } from './detector.ts'
import { endOf, type Pattern, type PatternHit, PatternSet } from './patterns.ts'

// What says who a person is. Each form with a checksum or a plan is checked against it, so that an order number is no card.

const digits = '0 1 2 3 4 5 6 7 8 9'
/** Enough digits for a number below, or the dots of an address. Each of these numbers has only these characters. */
function hasNumber(text: string, at: number): boolean {
  let digits = 0
  let dots = 0
  for (let next = at; next < at + numberUnitsMax; next++) {
    const unit = text.charCodeAt(next)
    if (unit >= 48 && unit <= 57) digits++
    else if (unit === 46) dots++
    // A space, or one of ()+-
    else if (unit !== 32 && unit !== 40 && unit !== 41 && unit !== 43 && unit !== 45) return false
    if (digits >= 9 || (digits >= 4 && dots >= 3)) return true
  }
  return false
}

/** The ninth digit of a number is not farther away. */
const numberUnitsMax = 40

/** By country, as the registry of SWIFT has them. */
const ibanLengths: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21, CR: 22 },
  ...{ CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GB: 22 },
  ...{ GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30 },
  ...{ KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27 },
  ...{ MT: 31, MU: 30, NI: 28, NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, RU: 33 },
  ...{ SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29 },
  ...{ VA: 22, VG: 24, XK: 20, YE: 30 },
}

const countries = Object.keys(ibanLengths).join(' ')

interface PiiPattern extends Pattern {
  /** Counts only within so many characters after one of these words. */
  readonly after?: RegExp
}

const pii = (name: string, starts: string, expression: RegExp, what: string): PiiPattern => ({
  ...{ name, starts, expression, severity: 'medium', score: 0.8 },
  message: `The text contains ${what}.`,
})

export const piiPatterns = new PatternSet<PiiPattern>([
  {
    ...pii('us_ssn', digits, /[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}(?![-0-9])/y, 'a US social security number'),
    isPossible: hasNumber,
    severity: 'high',
    isRight: isSsn,
  },
  {
    ...pii('card_number', digits, /[0-9](?:[ -]?[0-9]){12,18}(?![0-9])/y, 'the number of a payment card'),
    isPossible: hasNumber,
    severity: 'high',
    isRight: isCardNumber,
  },
  {
    ...pii('iban', countries, /[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])/y, 'an IBAN'),
    severity: 'high',
    isRight: isIban,
  },
  {
    ...pii('aba_routing_number', digits, /[0-9]{9}(?![-0-9])/y, 'the routing number of a US bank'),
    isPossible: hasNumber,
    isRight: isAbaNumber,
    after: /\b(?:routing|aba|rtn)\b/i,
  },
  {
    ...pii(
      'phone',
      `+1 ( ${digits}`,
      /(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}(?![-0-9])/y,
      'a telephone number',
    ),
    isPossible: hasNumber,
    isRight: isPhone,
  },
  {
    ...pii('phone', '+', /\+[2-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,4}\)?){2,6}(?![0-9])/y, 'a telephone number'),
    isRight: isPhone,
  },
  {
    ...pii('ip_address', digits, /[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\.?[0-9])/y, 'a public IP address'),
    isPossible: hasNumber,
    severity: 'low',
    isRight: isPublicAddress,
  },
  pii('aws_access_key', 'AKIA ASIA', /A[KS]IA[A-Z2-7]{16}\b/y, 'an AWS access key id'),
  {
    ...pii(
      'credential_assignment',
      'key token password passwd api_key apikey api-key secret Key Token Password API_KEY KEY TOKEN PASSWORD SECRET access_token auth_token',
      /[A-Za-z_-]{3,24}["']{0,2} {0,2}[=:] {0,2}["']{0,2}[A-Za-z0-9_+/~-]{20,200}={0,2}/y,
      'a value that is named as a credential',
    ),
    isRight: isAssignment,
  },
])

/** Found by its sign, because every word could begin one. */
export const email: PiiPattern = {
  ...pii(
    'email',
    '@',
    /[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b/y,
    'an e-mail address',
  ),
  isRight: isEmail,
}

const localPartMax = 64

function emailsIn(text: string): PatternHit<PiiPattern>[] {
  const hits: PatternHit<PiiPattern>[] = []
  let lastEnd = 0
  for (let sign = text.indexOf('@'); sign !== -1; sign = text.indexOf('@', sign + 1)) {
    let start = sign
    while (start > lastEnd && sign - start < localPartMax && /[A-Za-z0-9._%+-]/.test(text.charAt(start - 1))) start--
    while (start < sign && !/[A-Za-z0-9]/.test(text.charAt(start))) start++
    const end = start < sign ? endOf(email, text, start) : -1
    if (end === -1) continue
    lastEnd = end
    hits.push({ pattern: email, start, end })
  }
  return hits
}

const contextCharacters = 48

export const personalData: Detector = {
  name: 'pii',
  isOn: ({ pii }) => pii !== 'allow',
  detect: ({ shadow }, { pii: action }) => {
    const { text } = shadow
    const hits: Hit[] = []
    let lastEnd = 0
    for (const { pattern, start, end } of [...piiPatterns.findIn(shadow, text), ...emailsIn(text)].sort(
      (a, b) => a.start - b.start,
    )) {
      const isInContext = pattern.after?.test(text.slice(Math.max(0, start - contextCharacters), start)) ?? true
      // Of two readings of the same digits, the first counts.
      if (!isInContext || start < lastEnd) continue
      lastEnd = end
      const { name, severity, score, message } = pattern
      hits.push({ rule: name, severity, score, message, start, end, action, marker: `[REDACTED:${name}]` })
    }
    return hits
  },
}

/** Numbers that were never given out are not right. */
export function isSsn(match: string): boolean {
  const [area = '', group = '', serial = ''] = match.split(/[- ]/)
  if (match.charAt(3) !== match.charAt(6)) return false
  return area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000'
}

/** The issuers that give out cards, by their first digits, and the lengths of their numbers. */
const issuers: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^(?:30[0-5]|36|38|39)/, [14, 16]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|6[0-9])/, [16, 18, 19]],
]

export function isCardNumber(match: string): boolean {
  const number = match.replace(/[ -]/g, '')
  if (new Set(match.replace(/[0-9]/g, '')).size > 1 || new Set(number).size < 2) return false
  return issuers.some(([first, lengths]) => first.test(number) && lengths.includes(number.length)) && luhn(number)
}

function luhn(number: string): boolean {
  let sum = 0
  for (let at = 0; at < number.length; at++) {
    const digit = number.charCodeAt(number.length - 1 - at) - 48
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

export function isIban(match: string): boolean {
  const iban = match.replaceAll(' ', '')
  if (ibanLengths[iban.slice(0, 2)] !== iban.length) return false
  let rest = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

export function isAbaNumber(match: string): boolean {
  const at = Array.from(match, Number)
  const sum = 3 * sumOf(at, 0) + 7 * sumOf(at, 1) + sumOf(at, 2)
  const district = Number(match.slice(0, 2))
  return (
    sum > 0 &&
    sum % 10 === 0 &&
    (district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80)
  )
}

function sumOf(digits: readonly number[], from: number): number {
  return (digits[from] as number) + (digits[from + 3] as number) + (digits[from + 6] as number)
}

const exampleDomain = /(?:^|[.@])(?:example\.(?:com|org|net)|test|invalid|localhost|local)$/i

function isEmail(match: string): boolean {
  const [local = '', domain = ''] = match.split('@')
  if (local.endsWith('.') || local.includes('..') || exampleDomain.test(domain)) return false
  // A package with a scope and a version, and a remote of git.
  return !/^(?:git|noreply|no-reply|user|username)$/i.test(local)
}

/** A number that the plan of its country can have given out. */
export function isPhone(match: string): boolean {
  const number = match.replace(/[^0-9]/g, '')
  if (new Set(number).size < 3) return false
  if (match.startsWith('+') && !number.startsWith('1')) return number.length >= 9 && number.length <= 15
  return /^1?[2-9](?!11)[0-8][0-9][2-9](?!11)[0-9]{6}$/.test(number)
}

/** Addresses of private networks and of documentation identify no person. */
function isPublicAddress(match: string): boolean {
  const address = parseAddress(match)
  if (!address) return false
  const [a = 0, b = 0, c = 0] = match.split('.').map(Number)
  if (a === 0 || a === 10 || a === 127 || a >= 224 || (a === 192 && b === 168) || (a === 172 && b >= 16 && b < 32))
    return false
  if ((a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128)) return false
  if ((a === 192 && b === 0 && c === 2) || (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113))
    return false
  // The resolvers that everybody knows, and versions of software.
  return !/^(?:8\.8\.[48]\.[48]|1\.[01]\.[01]\.1|9\.9\.9\.9)$/.test(match) && !(a < 10 && b < 30 && c < 30)
}

function isAssignment(match: string): boolean {
  const [, name = '', value = ''] = /^([A-Za-z_-]+)["']{0,2} {0,2}[=:] {0,2}["']{0,2}(.*)$/.exec(match) ?? []
  if (!/^(?:api[_-]?)?(?:key|token|password|passwd|secret)$|^(?:access|auth)_token$/i.test(name)) return false
  return (
    /[0-9]/.test(value) && /[A-Za-z]/.test(value) && new Set(value).size >= 8 && !/^(?:your|xxx|example)/i.test(value)
  )
}
