// The names of events, derived from the actions of the audit trail: `policy.create` happened is `policy.created`. So every
// operation has an event without a word of its own.

/** Where the contract has another name (web3.md §15.3). */
const contractNames: Readonly<Record<string, string>> = {
  'internal_transfer.create': 'internal_transfer.completed',
  'treasury_wallet.broadcast': 'wallet.transfer.sent',
  'transaction.sign': 'agent.transaction.signed',
  'transaction.broadcast': 'agent.transaction.broadcast',
}

const happened: Readonly<Record<string, string>> = {
  ...{
    accept: 'accepted',
    access: 'accessed',
    add: 'added',
    allow: 'allowed',
    approve: 'approved',
    cancel: 'cancelled',
  },
  ...{
    change: 'changed',
    clear: 'cleared',
    confirm: 'confirmed',
    create: 'created',
    credit: 'credited',
    deactivate: 'deactivated',
    decide: 'decided',
    decline: 'declined',
  },
  ...{ delete: 'deleted', deny: 'denied', disable: 'disabled', enable: 'enabled', enroll: 'enrolled' },
  ...{ execute: 'executed', expire: 'expired', export: 'exported', invite: 'invited', issue: 'issued', join: 'joined' },
  ...{ link: 'linked', move: 'moved', orphan: 'orphaned', purge: 'purged', raise: 'raised', receive: 'received' },
  ...{ redeem: 'redeemed', register: 'registered', reject: 'rejected', reverse: 'reversed', trigger: 'triggered' },
  ...{ detect: 'detected', exhaust: 'exhausted' },
  ...{ remove: 'removed', replay: 'replayed', request: 'requested', restore: 'restored', revoke: 'revoked' },
  ...{ rotate: 'rotated', seal: 'sealed', settle: 'settled', share: 'shared', sign: 'signed', submit: 'submitted' },
  ...{ test: 'tested', unlink: 'unlinked', update: 'updated', verify: 'verified', write: 'written' },
}

/**
 * The name of the event for an audit action.
 *
 * @example
 * eventName('secret.version_disable') // 'secret.version_disabled'
 */
export function eventName(action: string): string {
  const known = contractNames[action]
  if (known !== undefined) return known
  const at = action.lastIndexOf('.') + 1
  return action.slice(0, at) + past(action.slice(at).split('_')).join('_')
}

/** `rotate_key` becomes `key_rotated`, and `role_change` becomes `role_changed`. */
function past(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words
  const last = words.at(-1) ?? ''
  if (Object.hasOwn(happened, last)) return [...words.slice(0, -1), happened[last] ?? last]
  return Object.hasOwn(happened, first) ? [...rest, happened[first] ?? first] : words
}

/** What a caller may subscribe to: a name, or a pattern with `*` in place of whole parts. */
export const eventPattern = /^(?:\*|[a-z][a-z0-9_]*)(?:\.(?:\*|[a-z][a-z0-9_]*)){0,5}$/

/** Whether one of the patterns names the event. A `*` at the end stands for all that follows, elsewhere for one part. */
export function matches(patterns: readonly string[], event: string, isRead: boolean): boolean {
  return patterns.some((pattern) => (pattern === event ? true : !isRead && fits(pattern.split('.'), event.split('.'))))
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '*'
  if (isOpen ? parts.length < pattern.length : parts.length !== pattern.length) return false
  return pattern.every((part, at) => part === '*' || part === parts[at])
}
