import { type Flag, type Given, last } from '../arguments.ts'
import { UsageError } from '../terminal.ts'

/** What a command adds to its operation: mostly short flags that set several fields at once. */
interface Shorthand {
  readonly flags: readonly Flag[]
  /** Sets the fields. */
  apply?(flags: Given['flags'], input: Record<string, unknown>): void
  /** This flag selects another command. The value of the flag is its last positional argument. */
  readonly leads?: { readonly flag: string; readonly to: string }
  /** The field of one more positional argument. */
  readonly optional?: string
  /** Several arguments select this other command. */
  readonly several?: string
  /** A sentence for the user about an answer. Null: none. */
  note?(answer: Readonly<Record<string, unknown>>): string | null
}

/** By the words of the command. */
export const shorthands: Readonly<Record<string, Shorthand>> = {
  'secret get': {
    flags: [{ flag: 'version', takes: 'value', value: 'number', about: 'Version to read. Default: the latest.' }],
    leads: { flag: 'version', to: 'secret get-version' },
    several: 'secret get-many',
  },
  'secret list': { flags: [], optional: 'prefix' },
  'share create': {
    flags: [
      {
        flag: 'to',
        takes: 'value',
        about: 'Recipient: the name of an agent, agent:<name>, user:<e-mail> or an e-mail address.',
      },
      { flag: 'link', takes: 'nothing', about: 'Anyone with the link may read the share.' },
    ],
    apply: (flags, input) => {
      const to = last(flags, 'to')
      const isLink = flags.has('link')
      if (to !== undefined && isLink) throw new UsageError('--to and --link cannot be used together')
      if (isLink) input.recipient_type = 'anyone_with_link'
      if (to !== undefined) Object.assign(input, recipientOf(to))
    },
    note: ({ mail_sent }) =>
      mail_sent === false ? 'This server sends no mail. Give the share URL to the recipient yourself.' : null,
  },
  grant: {
    flags: [],
    apply: (_, input) => Object.assign(input, { if_absent: true }),
    note: ({ already_exists }) => (already_exists ? 'This grant exists already. Nothing was stored.' : null),
  },
}

function recipientOf(to: string): Readonly<Record<string, string>> {
  const [, kind, id] = /^(user|agent):(.+)$/.exec(to) ?? []
  if (kind && id) return { recipient_type: kind, recipient_id: id }
  return to.includes('@') ? { recipient_type: 'external_email', email: to } : { recipient_id: to }
}
