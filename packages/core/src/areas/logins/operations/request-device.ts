import * as z from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import { second } from '../../../kernel/time.ts'
import { fields, operation, rates } from '../../../operations/index.ts'
import { emailField } from '../../orgs/index.ts'
import { lifeMs, newRequest } from '../requests.ts'

const intervalSeconds = 5
const clientCharactersMax = 64

export const requestDevice = operation({
  name: 'logins.request',
  summary:
    'Request that a user lets this device sign in. Show the user the code and the address, then poll for the token.',
  http: { method: 'POST', path: '/v1/auth/device/code', status: 200, id: 'deviceCode', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // No user has allowed the device yet, so there is no trail.
  audit: 'none',
  input: z.object({
    client_id: fields.plainText(clientCharactersMax, 1).describe('Name of the program, such as cli. The user sees it.'),
    email: fields.optional(emailField()).describe('The only user who can allow the device. Default: every user.'),
  }),
  output: z
    .object({
      device_code: fields.shownSecret(),
      user_code: z.string(),
      verification_uri: z.string().meta({ format: 'uri' }),
      verification_uri_complete: z.string().meta({ format: 'uri' }),
      expires_in: z.int(),
      interval: z.int().describe('Seconds between two polls.'),
    })
    .meta({ id: 'DeviceCode' }),
  reveals: ['device_code'],
  limits: [{ per: 'address', rate: rates.signIn }],
  errors: [],
  run: (context, { client_id: client, email = null }) => {
    const made = newRequest(context, { client, email })
    const uri = `${context.settings.publicUrl}/cli/verify`
    return {
      device_code: Secret.of(made.deviceCode),
      user_code: made.userCode,
      verification_uri: uri,
      verification_uri_complete: `${uri}?code=${made.userCode}`,
      expires_in: lifeMs / second,
      interval: intervalSeconds,
    }
  },
})
