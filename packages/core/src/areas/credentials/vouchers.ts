import { base64url, concat, equalBytes, fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import type { Json } from '../../kernel/json.ts'
import type { UnitContext } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'

// A voucher is a text that the engine gives out and takes back once, within minutes: a challenge for a passkey, a
// re-authentication token, the token between two steps of a sign-in. It carries what it is for, under a keyed hash. The
// storage has only the vouchers that were spent, so asking for many takes no space.

export interface Voucher {
  readonly use: string
  /** The user for whom the voucher was made. Null: any user who proves their identity with it. */
  readonly user: string | null
  readonly org: string | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly data: Readonly<Record<string, Json>>
  readonly nonce: string
}

/** Created at the first use. Vouchers that were given out before a rotation are refused. */
export const voucherKeyKind = kind<{ readonly id: 'main'; readonly key: string }>('voucherKey', { scope: 'global' })

/** Global, because the organisation can be unknown until the voucher was spent. */
export const spentVoucherKind = kind<{ readonly id: string; readonly expiresAt: number }>('spentVoucher', {
  scope: 'global',
  indexes: { ends: { key: ({ expiresAt }) => [expiresAt] } },
})

const keyBytes = 32
const nonceBytes = 16
const charactersMax = 4_096

type VoucherContext = Pick<UnitContext, 'unit' | 'now' | 'crypto'>

/** Returns the text of a new voucher. */
export function newVoucher(
  context: VoucherContext,
  { use, user, org, lifeMs, data = {} }: Pick<Voucher, 'use' | 'user' | 'org'> & VoucherLife,
): string {
  const { unit, now } = context
  const nonce = base64url(unit.random.bytes(nonceBytes))
  const voucher: Voucher = { use, user, org, expiresAt: now + lifeMs, data, nonce }
  const body = utf8(JSON.stringify(voucher))
  return base64url(concat(markOf(context, keyOf(unit), body), body))
}

interface VoucherLife {
  readonly lifeMs: number
  readonly data?: Voucher['data']
}

/** Returns the voucher of a text if it is authentic, for this use, not expired and not spent. Otherwise null. */
export function readVoucher(context: VoucherContext, text: string, use: string): Voucher | null {
  const bytes = text.length <= charactersMax ? fromBase64url(text) : null
  if (!bytes || bytes.length <= keyBytes) return null
  const body = bytes.slice(keyBytes)
  if (!equalBytes(markOf(context, keyOf(context.unit), body), bytes.slice(0, keyBytes))) return null
  const voucher = JSON.parse(fromUtf8(body)) as Voucher
  const isOpen = voucher.use === use && voucher.expiresAt > context.now
  return isOpen && !context.unit.get(spentVoucherKind, voucher.nonce) ? voucher : null
}

/** Of two units that spend the same voucher, one is refused when it reads it again. */
export function spendVoucher({ unit }: Pick<VoucherContext, 'unit'>, { nonce, expiresAt }: Voucher): void {
  unit.put(spentVoucherKind, { id: nonce, expiresAt })
}

/** Replaces the key. */
export function replaceVoucherKey(unit: Unit): void {
  // Read first, so that the write replaces what is there.
  unit.get(voucherKeyKind, 'main')
  unit.put(voucherKeyKind, { id: 'main', key: base64url(unit.random.bytes(keyBytes)) })
}

function keyOf(unit: Unit): Uint8Array {
  if (!unit.get(voucherKeyKind, 'main')) replaceVoucherKey(unit)
  const key = fromBase64url(unit.get(voucherKeyKind, 'main')?.key ?? '')
  if (!key) throw new TypeError('the voucher key has another form')
  return key
}

function markOf({ crypto }: VoucherContext, key: Uint8Array, body: Uint8Array): Uint8Array {
  return crypto.hmacSha256(key, body)
}
