import { type Flag, type Given, last } from '../arguments.ts'
import { UsageError } from '../terminal.ts'

/** Flags that stand for several fields, where typing these would be a nuisance. */
interface Shorthand {
  readonly flags: readonly Flag[]
  /** Puts the fields in. */
  apply(flags: Given['flags'], input: Record<string, unknown>): void
}

/** By the words of the command. */
export const shorthands: Readonly<Record<string, Shorthand>> = {
  'share create': {
    flags: [
      { flag: 'to', takes: 'value', about: 'Recipient: user:<id>, agent:<id> or an e-mail address.' },
      { flag: 'link', takes: 'nothing', about: 'Anyone with the link may read the share.' },
    ],
    apply: (flags, input) => {
      const to = last(flags, 'to')
      const isLink = flags.has('link')
      if (to !== undefined && isLink) throw new UsageError('--to and --link cannot be used together')
      if (isLink) input.recipient_type = 'anyone_with_link'
      if (to !== undefined) Object.assign(input, recipientOf(to))
    },
  },
}

function recipientOf(to: string): Readonly<Record<string, string>> {
  const [, kind, id] = /^(user|agent):(.+)$/.exec(to) ?? []
  if (kind && id) return { recipient_type: kind, recipient_id: id }
  if (to.includes('@')) return { recipient_type: 'external_email', email: to }
  throw new UsageError('--to must be user:<id>, agent:<id> or an e-mail address')
}
