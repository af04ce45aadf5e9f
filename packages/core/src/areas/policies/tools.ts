import * as z from 'zod'
import { tool } from '../../operations/index.ts'

const id = () => z.string('must be a string').meta({ format: 'uuid' })

export const grantAccessTool = tool({
  name: 'grant_access',
  opensValues: true,
  summary: 'Grant a user or an agent access to paths of one of your vaults.',
  input: z.object({
    vault_id: id(),
    principal_type: z
      .enum(['user', 'agent'], 'must be user or agent')
      .meta({ description: 'Whether the policy is for a user or an agent.' }),
    principal_id: id().meta({ description: 'ID of the user or the agent.' }),
    permissions: z
      .array(z.enum(['read', 'write'], 'must be read or write'), 'must be a list')
      .default(['read'])
      .meta({ description: 'Permissions of the policy.' }),
    secret_path_pattern: z
      .string('must be a string')
      .default('**')
      .meta({ description: 'Path pattern. * matches within one segment, ** matches any number of segments.' }),
  }),
  call: (given) => given,
})
