import { hex, utf8 } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import { type Context, confirmationWrong, signedIn } from '../../operations/index.ts'
import { takeTransactionToken } from '../factors/index.ts'

// What a passkey approves is a digest of the transaction, which the client computes before it asks for the transaction. The short
// form of the contract names only chain, recipient, amount and data. So it counts only for a transaction that has nothing else.

/** The fields of a request that change what it does, in the order of the long form. */
const moreFields = [
  ...['token_mint', 'token_decimals', 'destination_tag', 'memo', 'xrpl_tx_json'],
  ...['fee_rate_sat_per_vbyte', 'fee_limit_sun', 'ttl'],
] as const

export interface Digested {
  /** As the client named them. */
  readonly chain: string
  readonly to: string
  /** In the smallest unit. */
  readonly value: string
  readonly fields: Readonly<Record<string, unknown>>
  /** The wallet of another person. */
  readonly walletId: string | undefined
}

/** Every digest that stands for exactly this transaction. */
export function sendDigests(
  context: Pick<Context, 'crypto'>,
  { chain, to, value, fields, walletId }: Digested,
): readonly string[] {
  const data = textOf(fields.data) === '0x' ? '' : textOf(fields.data)
  const short = [chain, to, value, data]
  const more = moreFields.map((name) => textOf(fields[name]))
  const long = [...short, ...more]
  if (walletId !== undefined) return digestsOf(context, [[...long, walletId]])
  const isPlain = more.every((one) => one === '')
  return digestsOf(context, isPlain ? [short, [chain, to, value, textOf(fields.data)], long] : [long])
}

/** The same for a swap. */
export function swapDigests(
  context: Pick<Context, 'crypto'>,
  parts: readonly [chain: string, sellToken: string, buyToken: string, sellAmount: string],
  walletId: string | undefined,
): readonly string[] {
  return digestsOf(context, [walletId === undefined ? parts : [...parts, walletId]])
}

/**
 * Spends the token of a passkey, which must be for one of these digests. Without a token, the `confirms` of the operation has
 * required another proof.
 */
export function checkPasskey(
  context: Context,
  { passkey_token: token, passkey_tx_digest: claimed }: PasskeyProof,
  digests: readonly string[],
): void {
  if (claimed !== undefined && !digests.includes(claimed)) {
    throw invalidField('passkey_tx_digest', 'is not a digest of this transaction')
  }
  if (token === undefined) return
  const { id } = signedIn(context)
  if (!digests.some((digest) => takeTransactionToken(context, id, token, digest))) throw confirmationWrong()
}

interface PasskeyProof {
  readonly passkey_token?: Secret<string> | undefined
  readonly passkey_tx_digest?: string | undefined
}

function digestsOf({ crypto }: Pick<Context, 'crypto'>, texts: readonly (readonly string[])[]): readonly string[] {
  const forms = texts.flatMap((parts) => {
    const text = parts.map((part) => part.trim()).join('|')
    return [text, text.toLowerCase()]
  })
  return [...new Set(forms)].map((text) => hex(crypto.sha256(utf8(text))))
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value as Json) : String(value)
}
