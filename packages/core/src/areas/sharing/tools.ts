import * as z from 'zod'
import { tool } from '../../operations/index.ts'

const types = ['user', 'agent', 'anyone_with_link', 'creator'] as const

export const shareSecretTool = tool({
  name: 'share_secret',
  opensValues: true,
  summary:
    'Share a secret for a limited time and number of reads. The recipient is a user, an agent, anyone with the link, ' +
    'or your creator (the human who created you). A human must have allowed you to share by link. The recipient must accept the share before reading it. Links need no acceptance.',
  input: z.object({
    secret_id: z
      .string('must be a string')
      .meta({ format: 'uuid', description: 'ID of the secret from list_secrets.' }),
    recipient_type: z.enum(types, `must be one of ${types.join(', ')}`),
    recipient_id: z
      .string()
      .optional()
      .meta({ format: 'uuid', description: 'ID of the user or the agent. Only for these recipient types.' }),
    expires_at: z
      .string('must be a time')
      .meta({ format: 'date-time', description: 'When the share expires, at most 7 days from now.' }),
    max_access_count: z.number().default(5).meta({ description: 'Maximum number of reads, from 1 to 100.' }),
  }),
  call: (given) => given,
})
