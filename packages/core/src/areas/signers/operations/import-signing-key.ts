import * as z from 'zod'
import { agreementField, confirmField, confirmHeader, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { keyRef } from '../access.ts'
import { signingKeyExists } from '../errors.ts'
import { importedKey, importFields } from '../import-key.ts'
import { provision } from '../provision.ts'
import { SigningKeyBody, signingKeyBody } from '../schemas.ts'

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
  governed: [{ action: 'signing_key.import' }],
  audit: {
    action: 'signing_key.import',
    resource: 'agent',
    about: ({ agent_id, chain }, output) => ({ id: agent_id, chain, ...(output && { address: output.address }) }),
  },
  input: z.object({
    ...keyRef,
    ...importFields,
    approval_id: agreementField(),
    auth_confirm: confirmField(),
  }),
  output: SigningKeyBody,
  errors: [agentNotFound, signingKeyExists],
  run: (context, { agent_id, chain, ...given }) =>
    signingKeyBody(
      importedKey(chain, given, (imported) =>
        provision(context, { agentId: agent_id, chain, custody: 'vault', imported }),
      ),
    ),
})
