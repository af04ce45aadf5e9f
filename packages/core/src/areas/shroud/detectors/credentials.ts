import { utf8 } from '../../../kernel/bytes.ts'
import { type Pattern, type PatternHit, PatternSet } from './patterns.ts'

// Keys of services, by their form. They say that a text has a credential, whether the vault knows it or not.

export interface CredentialPattern extends Pattern {
  /** Needs no more context than its form. */
  readonly isUnmistakable: boolean
}

const certain = { severity: 'critical', score: 0.95, isUnmistakable: true } as const
const likely = { severity: 'high', score: 0.7, isUnmistakable: false } as const

/** Repetitions and examples of documentation are no keys. */
function looksRandom(match: string): boolean {
  const tail = match.slice(-24).toLowerCase()
  if (/example|xxxx|placeholder|your[-_]|changeme|\*\*\*|\.\.\./.test(match.toLowerCase())) return false
  return new Set(tail).size >= Math.min(8, tail.length / 2)
}

const key = (name: string, starts: string, expression: RegExp, what: string): CredentialPattern => ({
  ...certain,
  name,
  starts,
  expression,
  message: `The text contains ${what}.`,
  isRight: looksRandom,
})

/** The beginnings of names, in small letters, in capitals, and with one capital. */
const credentialNames = ['api', 'access', 'secret', 'client', 'passw', 'token', 'auth', 'aws', 'private', 'key']
  .flatMap((name) => [name, name.toUpperCase(), name.charAt(0).toUpperCase() + name.slice(1)])
  .join(' ')

export const credentialPatterns = new PatternSet<CredentialPattern>([
  key('aws_access_key', 'AKIA ASIA AGPA AROA', /(?:AKIA|ASIA|AGPA|AROA)[A-Z2-7]{16}\b/y, 'an AWS access key id'),
  {
    ...key('github_token', 'ghp_ gho_ ghu_ ghs_ ghr_', /gh[pousr]_[A-Za-z0-9]{36}\b/y, 'a GitHub token'),
    isRight: (match) => looksRandom(match) && hasGithubChecksum(match),
  },
  key('github_fine_grained_token', 'github_pat_', /github_pat_[A-Za-z0-9_]{60,100}/y, 'a GitHub token'),
  key('gitlab_token', 'glpat- gldt- glrt-', /gl(?:pat|dt|rt)-[A-Za-z0-9_-]{20,60}/y, 'a GitLab token'),
  key(
    'slack_token',
    'xoxb- xoxp- xoxa- xoxr- xoxs- xapp-',
    /(?:xox[bpars]|xapp)-[A-Za-z0-9-]{20,160}/y,
    'a Slack token',
  ),
  key(
    'slack_webhook',
    'https://hooks.slack.com/services/',
    /https:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]{6,14}\/B[A-Z0-9]{6,14}\/[A-Za-z0-9]{16,40}/y,
    'the address of a Slack webhook',
  ),
  key('stripe_key', 'sk_live_ rk_live_ sk_test_ rk_test_', /[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}/y, 'a Stripe key'),
  key('anthropic_key', 'sk-ant-', /sk-ant-[A-Za-z0-9_-]{24,200}/y, 'an Anthropic key'),
  key(
    'openai_key',
    'sk-',
    /sk-(?!ant-|shroud-)(?:(?:proj|svcacct|admin|or-v1)-)?[A-Za-z0-9_-]{20,200}/y,
    'an OpenAI key',
  ),
  key('google_key', 'AIza', /AIza[A-Za-z0-9_-]{35}/y, 'a Google API key'),
  key('google_oauth_secret', 'GOCSPX-', /GOCSPX-[A-Za-z0-9_-]{28}/y, 'a Google OAuth secret'),
  key('npm_token', 'npm_', /npm_[A-Za-z0-9]{36}\b/y, 'an npm token'),
  key('pypi_token', 'pypi-', /pypi-[A-Za-z0-9_-]{50,250}/y, 'a PyPI token'),
  key('sendgrid_key', 'SG.', /SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/y, 'a SendGrid key'),
  key('huggingface_token', 'hf_', /hf_[A-Za-z0-9]{30,60}\b/y, 'a Hugging Face token'),
  key('digitalocean_token', 'dop_v1_ doo_v1_', /do[op]_v1_[a-f0-9]{64}/y, 'a DigitalOcean token'),
  key('telegram_token', '1 2 3 4 5 6 7 8 9', /[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b/y, 'a token of a Telegram bot'),
  key('vault_token', 'hvs. hvb.', /hv[sb]\.[A-Za-z0-9_-]{24,200}/y, 'a token of HashiCorp Vault'),
  key('linear_key', 'lin_api_', /lin_api_[A-Za-z0-9]{32,60}/y, 'a Linear key'),
  key(
    'pawl_key',
    '1ck_ ocv_ plt_ whsec_ rat_',
    /(?:1ck|ocv|plt|whsec|rat)_[A-Za-z0-9_-]{24,100}/y,
    'a key of this vault',
  ),
  key('claim_token', 'ct_', /ct_[A-Za-z0-9_-]{40,100}/y, 'a claim token of this vault'),
  key('router_key', 'sk-shroud-v1-', /sk-shroud-v1-[A-Za-z0-9_-]{24,100}/y, 'a router key'),
  {
    ...key(
      'jwt',
      'eyJ',
      /eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{16,1400}/y,
      'a JSON web token',
    ),
    severity: 'high',
  },
  {
    ...key(
      'private_key',
      '-----BEGIN',
      /-----BEGIN (?:[A-Z]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y,
      'a private key',
    ),
    isRight: () => true,
  },
  {
    ...key(
      'connection_string',
      'postgres:// postgresql:// mysql:// mongodb:// mongodb+srv:// redis:// amqp:// rediss:// amqps://',
      /[a-z+]{5,12}:\/\/[^\s:@/]{0,64}:[^\s@/]{6,128}@[A-Za-z0-9.-]{1,253}/y,
      'a connection string with a password',
    ),
    isRight: (match) => looksRandom(match) && !/:(?:password|secret|postgres|root|pass|user|changeme)@/i.test(match),
  },
  {
    ...key('bearer_token', 'Bearer bearer', /bearer {1,3}[A-Za-z0-9_~+/.-]{24,1000}={0,2}/iy, 'a bearer token'),
    ...likely,
    isRight: (match) => looksRandom(match) && hasDigitAndLetter(match.slice(7)),
  },
  {
    ...key(
      'assignment',
      credentialNames,
      /[A-Za-z_-]{3,40}["']{0,2} {0,2}[=:] {0,2}["']{0,2}[A-Za-z0-9_+/.~-]{20,200}={0,2}/y,
      'a value that is named as a credential',
    ),
    ...likely,
    isRight: isCredentialAssignment,
  },
])

export type CredentialHit = PatternHit<CredentialPattern>

/** The credentials of a text, in order. Of two that overlap, the first counts; of two that begin together, the longer. */
export function credentialHits(text: string, from = 0): CredentialHit[] {
  const hits: CredentialHit[] = []
  const found = credentialPatterns.find(text).filter(({ start }) => start >= from)
  for (const hit of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (hit.start >= (hits.at(-1)?.end ?? 0)) hits.push(hit)
  }
  return hits
}

/** The beginnings of the credentials that have spaces, up to the end of a text. */
const openWithSpaces =
  /(?:(?<![A-Za-z0-9_])(?:bearer {0,3}[^\s]{0,1100}|[A-Za-z_-]{3,40}["']{0,2} {0,2}(?:[=:] {0,2}["']{0,2}[^\s]{0,220})?)|-{5}BEGIN[A-Z -]{0,60})$/i

const spacedMax = 1_200

/** Where the first credential begins that is not complete at the end of a text. The length of the text if there is none. */
export function liveCredential(text: string, from: number): number {
  let run = text.length
  while (run > from && text.charCodeAt(run - 1) > 32) run--
  const live = credentialPatterns.firstStart(text, run)
  // A name is open for as long as an equals sign can follow.
  const tailFrom = Math.max(from, text.length - spacedMax)
  const tail = text.slice(Math.max(0, tailFrom - 1))
  const open = openWithSpaces.exec(tail)
  const start = open ? Math.max(from, Math.max(0, tailFrom - 1) + open.index) : text.length
  return Math.min(live, start < run ? credentialPatterns.firstStart(text, start) : text.length)
}

function hasDigitAndLetter(text: string): boolean {
  return /[0-9]/.test(text) && /[A-Za-z]/.test(text)
}

const credentialName =
  /^(?:.*[_-])?(?:api[_-]?key|access[_-]?key|secret|token|passw(?:or)?d|private[_-]?key|credential|key)(?:[_-](?:id|value|access[_-]?key|key))?$/i

/** Names of files and things, and paths, are no credentials. */
function isCredentialAssignment(match: string): boolean {
  const [, name = '', value = ''] = /^([A-Za-z_-]+)["']{0,2} {0,2}[=:] {0,2}["']{0,2}(.*)$/.exec(match) ?? []
  return (
    credentialName.test(name) &&
    hasDigitAndLetter(value) &&
    looksRandom(value) &&
    !/^[./~]|[/.][a-z]{2,4}$|^https?:/.test(value)
  )
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The last six characters are the CRC-32 of the others. */
export function hasGithubChecksum(token: string): boolean {
  let rest = crc32(utf8(token.slice(4, -6)))
  let digits = ''
  for (let at = 0; at < 6; at++) {
    digits = base62[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return token.endsWith(digits)
}

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ -1) >>> 0
}
