import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { passkeysOf } from '../../credentials/index.ts'
import { AssertionOptions, assertionOptions, newChallenge } from '../ceremonies.ts'
import { noPasskey } from '../errors.ts'
import { passkeysUnavailable } from '../relying-party.ts'

const digestField = () => fields.text(64).regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lowercase hex digits')

export const beginTransactionPasskey = operation({
  name: 'factors.beginTransactionPasskey',
  summary: 'Begin to approve one transaction with a passkey.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/tx-assert/begin',
    status: 200,
    id: 'passkeyTxAssertBegin',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'passkey.transaction_begin',
    resource: 'user',
    about: ({ tx_digest, treasury_swap_digest }) => ({ digest: tx_digest ?? treasury_swap_digest }),
  },
  input: z.object({
    tx_digest: fields.optional(digestField()).describe('SHA-256 of chain|to|value_wei|data, in hex.'),
    treasury_swap_digest: fields
      .optional(digestField())
      .describe('The same for a swap: SHA-256 of chain|sell_token|buy_token|sell_amount.'),
  }),
  output: AssertionOptions,
  errors: [noPasskey, passkeysUnavailable],
  run: (context, { tx_digest, treasury_swap_digest }) => {
    const digest = tx_digest ?? treasury_swap_digest
    if (!digest) throw invalidField('tx_digest', 'is missing')
    const { id } = signedIn(context)
    const own = passkeysOf(context.unit, id)
    if (own.length === 0) throw noPasskey()
    const challenge = newChallenge(context, { ceremony: 'transaction', user: id, data: { digest } })
    return assertionOptions(context, challenge, own)
  },
})
