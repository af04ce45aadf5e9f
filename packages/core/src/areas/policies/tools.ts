import * as z from 'zod'
import { tool } from '../../operations/index.ts'

const id = () => z.string('must be a text').meta({ format: 'uuid' })

export const grantAccessTool = tool({
  name: 'grant_access',
  summary: 'Let a user or an agent read or write paths of a vault of yours, from now on.',
  input: z.object({
    vault_id: id(),
    principal_type: z.enum(['user', 'agent'], 'must be user or agent').meta({ description: 'Who it is for.' }),
    principal_id: id().meta({ description: 'The id of the user or the agent.' }),
    permissions: z
      .array(z.enum(['read', 'write'], 'must be read or write'), 'must be a list')
      .default(['read'])
      .meta({ description: 'What they may do.' }),
    secret_path_pattern: z
      .string('must be a text')
      .default('**')
      .meta({ description: 'Which paths: * is within one segment, ** is any number of them.' }),
  }),
  call: (given) => given,
})
