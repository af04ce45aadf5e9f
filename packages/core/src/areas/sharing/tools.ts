import * as z from 'zod'
import { tool } from '../../operations/index.ts'

const types = ['user', 'agent', 'anyone_with_link', 'creator'] as const

export const shareSecretTool = tool({
  name: 'share_secret',
  summary:
    'Share a secret, for a time and a number of reads: with a user, an agent, whoever has the link, or creator, the ' +
    'human who made you. All but the link are accepted by whom they are for before they can be read.',
  input: z.object({
    secret_id: z.string('must be a text').meta({ format: 'uuid', description: 'The id that list_secrets shows.' }),
    recipient_type: z.enum(types, `must be one of ${types.join(', ')}`),
    recipient_id: z
      .string()
      .optional()
      .meta({ format: 'uuid', description: 'The id of the user or the agent; for nobody else.' }),
    expires_at: z.string('must be a time').meta({ format: 'date-time', description: 'When the share ends.' }),
    max_access_count: z.number().default(5).meta({ description: 'How often it may be read; 0 is without limit.' }),
  }),
  call: (given) => given,
})
