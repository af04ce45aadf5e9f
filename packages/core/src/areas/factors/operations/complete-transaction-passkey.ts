import * as z from 'zod'
import { second } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { assertionFields, takeOwnAssertion } from '../ceremonies.ts'
import { passkeyFailed } from '../errors.ts'
import { passkeysUnavailable } from '../relying-party.ts'
import { newTransactionToken, transactionTokenLifeMs } from '../transaction-token.ts'

export const completeTransactionPasskey = operation({
  name: 'factors.completeTransactionPasskey',
  summary: 'Approve one transaction with what a passkey signed. The answer is a token for X-Passkey-Token.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/tx-assert/complete',
    status: 200,
    id: 'passkeyTxAssertComplete',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'passkey.transaction', resource: 'user' },
  input: z.object(assertionFields),
  output: z.object({ passkey_token: fields.shownSecret(), expires_in: z.int() }),
  reveals: ['passkey_token'],
  errors: [passkeyFailed, passkeysUnavailable],
  run: (context, input) => {
    const { passkey, voucher } = takeOwnAssertion(context, 'transaction', input)
    return {
      passkey_token: newTransactionToken(context, passkey.user, String(voucher.data.digest)),
      expires_in: transactionTokenLifeMs / second,
    }
  },
})
