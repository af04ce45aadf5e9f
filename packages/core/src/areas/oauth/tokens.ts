import { base64url, equalBytes, frame, fromBase64url, utf8 } from '../../kernel/bytes.ts'
import { uuidPattern } from '../../kernel/ids.ts'
import { Secret } from '../../kernel/secret.ts'
import { second } from '../../kernel/time.ts'
import type { Services } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type Grant, grantKind } from './records.ts'

// A code or token is `<prefix><grant>.<number>.<end>.<mac>`. The MAC covers all of it, under the secret of the grant.

export type TokenUse = 'code' | 'access' | 'refresh'

const prefixes: Readonly<Record<TokenUse, string>> = { code: 'oac_', access: 'oat_', refresh: 'ort_' }

interface Facts {
  readonly number: number
  /** In milliseconds. */
  readonly endsAt: number
}

/** A token that was really issued from its grant, which may have ended meanwhile. */
export interface Presented extends Facts {
  readonly grant: Grant
}

type Crypto = Pick<Services, 'crypto'>

export function tokenOf(services: Crypto, grant: Grant, use: TokenUse, { number, endsAt }: Facts): Secret<string> {
  const facts = `${grant.id}.${number}.${Math.floor(endsAt / second)}`
  return Secret.of(`${prefixes[use]}${facts}.${base64url(macOf(services, grant, use, facts))}`)
}

/** Returns what a token of this use is about. Null: it is none of ours, or its grant is gone. */
export function readToken(services: Crypto, unit: Pick<Unit, 'get'>, use: TokenUse, text: string): Presented | null {
  if (text.length > 256 || !text.startsWith(prefixes[use])) return null
  const [id = '', number = '', end = '', mac = '', ...rest] = text.slice(prefixes[use].length).split('.')
  const given = fromBase64url(mac)
  if (rest.length > 0 || !given || !uuidPattern.test(id) || !isCount(number) || !isCount(end)) return null
  const grant = unit.get(grantKind, id)
  if (!grant || !equalBytes(given, macOf(services, grant, use, `${id}.${number}.${end}`))) return null
  return { grant, number: Number(number), endsAt: Number(end) * second }
}

const isCount = (text: string) => /^(?:0|[1-9][0-9]{0,11})$/.test(text)

function macOf({ crypto }: Crypto, { secret }: Grant, use: TokenUse, facts: string): Uint8Array {
  const key = fromBase64url(secret) ?? new Uint8Array()
  return crypto.hmacSha256(key, frame(utf8('pawl/1/oauth'), utf8(use), utf8(facts)))
}
