import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { confirmField, confirmHeader, fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { keyRef } from '../access.ts'
import { signingKeyExists } from '../errors.ts'
import { problemOf, readPrivateKey } from '../private-key.ts'
import { provision } from '../provision.ts'
import { orInvalid } from '../refusals.ts'
import { familyFor, SigningKeyBody, signingKeyBody } from '../schemas.ts'

const bytesMax = 512
const wifProblem = 'must be a WIF with a right checksum, for a compressed public key'

export const importSigningKey = operation({
  name: 'signers.import',
  summary: 'Give an agent an existing private key. Other holders of the key can still sign with it.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/signing-keys/{chain}/import',
    status: 201,
    id: 'importSigningKey',
    tag: 'Signing Keys',
    headers: confirmHeader,
  },
  command: { name: 'key import' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  confirms: { purpose: 'signing_key.import' },
  audit: {
    action: 'signing_key.import',
    resource: 'agent',
    about: ({ agent_id, chain }, output) => ({ id: agent_id, chain, ...(output && { address: output.address }) }),
  },
  input: z.object({
    ...keyRef,
    private_key: fields.secretText(bytesMax),
    format: fields
      .optional(z.enum(['hex', 'base64', 'wif'], 'must be hex, base64 or wif'))
      .describe('How private_key is written. wif: for Bitcoin, with a compressed public key. Default: hex.'),
    address: fields
      .optional(fields.plainText(128, 1))
      .describe('The address that you expect. If the key has another address, nothing is imported.'),
    auth_confirm: confirmField(),
  }),
  output: SigningKeyBody,
  errors: [agentNotFound, signingKeyExists],
  run: (context, { agent_id, chain, private_key, format = 'hex', address }) => {
    const { curve, canonical } = familyFor(chain)
    if (format === 'wif' && chain !== 'bitcoin') throw invalidField('format', 'wif is only for bitcoin')
    const network = { name: chain, isTestnet: false, chainId: null, decimals: 0 }
    const expected = address && orInvalid(() => canonical(address, network))
    const imported = readPrivateKey(private_key.reveal(), curve, format)
    if (!imported) throw invalidField('private_key', format === 'wif' ? wifProblem : problemOf(curve))
    const key = provision(context, { agentId: agent_id, chain, custody: 'vault', imported })
    if (expected !== undefined && expected !== key.address) {
      throw invalidField('address', 'is not the address of this private key')
    }
    return signingKeyBody(key)
  },
})
