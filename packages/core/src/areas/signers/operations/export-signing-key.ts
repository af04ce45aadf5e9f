import * as z from 'zod'
import { agreementField, confirmField, confirmHeader, fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { keyRef } from '../access.ts'
import { keyUnusable, signingKeyLocked, signingKeyNotFound } from '../errors.ts'
import { exportedKey, storedKeyOf } from '../open-key.ts'
import { activeKey } from '../provision.ts'
import { keyChains } from '../records.ts'

export const exportSigningKey = operation({
  name: 'signers.export',
  summary: 'Show the private key of a signing key. Keys of the custody hsm cannot be exported.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/signing-keys/{chain}/export',
    status: 200,
    id: 'exportSigningKey',
    tag: 'Signing Keys',
    headers: confirmHeader,
  },
  command: { name: 'key export' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  confirms: { purpose: 'signing_key.export' },
  governed: [{ action: 'signing_key.export' }],
  audit: {
    action: 'signing_key.export',
    resource: 'agent',
    about: ({ agent_id, chain }, output) => ({ id: agent_id, chain, ...(output && { address: output.address }) }),
  },
  input: z.object({ ...keyRef, approval_id: agreementField(), auth_confirm: confirmField() }),
  output: z
    .object({
      chain: z.enum(keyChains),
      curve: z.string(),
      public_key: z.string(),
      address: z.string(),
      private_key: fields.shownSecret().describe('32 bytes as lowercase hexadecimal digits, without 0x.'),
      key_version: fields.count(),
      agent_id: fields.id(),
    })
    .meta({ id: 'ExportedSigningKey' }),
  reveals: ['private_key'],
  errors: [agentNotFound, signingKeyNotFound, signingKeyLocked, keyUnusable],
  run: (context, { agent_id, chain }) => {
    const key = activeKey(context, agent_id, chain)
    if (key.custody === 'hsm') throw signingKeyLocked()
    const { curve, publicKey, address, version } = key
    const privateKey = exportedKey(context, storedKeyOf(context, key))
    return { chain, curve, public_key: publicKey, address, private_key: privateKey, key_version: version, agent_id }
  },
})
