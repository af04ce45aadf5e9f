import { didYouMean } from '../../kernel/did-you-mean.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Services } from '../../operations/index.ts'

/** `policy.*` and `policy` are all actions on policies. */
export function isOfKind(action: string, kind: string): boolean {
  const group = kind.endsWith('.*') ? kind.slice(0, -2) : kind
  return kind === '*' || action === kind || action.startsWith(`${group}.`)
}

/** Refuses a trigger about an action that no policy governs, because the server would never ask people about it. */
export function checkTriggerActions(
  { areas: { governed } }: Pick<Services, 'areas'>,
  trigger: Readonly<Record<string, unknown>> | null | undefined,
): void {
  const known = `The actions are ${governed.join(', ')}`
  for (const name of namesIn(trigger, 'action_in', 'actions')) {
    if (governed.includes(name)) continue
    throw invalidField('consensus_trigger', `has an unknown action in action_in${didYouMean(name, governed)} ${known}`)
  }
  for (const kind of namesIn(trigger, 'action_kind_in', 'action_kinds')) {
    if (governed.some((action) => isOfKind(action, kind))) continue
    throw invalidField('consensus_trigger', `has an unknown kind in action_kind_in. ${known}`)
  }
}

/** The names in the conditions of this type, and in `skip_when` and `require_when`. The engine reads the trigger later. */
function namesIn(trigger: object | null | undefined, type: string, field: string): string[] {
  const { conditions, skip_when, require_when } = membersOf(trigger)
  const listed = [
    ...itemsOf(conditions).flatMap((one) => (membersOf(one).type === type ? itemsOf(membersOf(one)[field]) : [])),
    ...[skip_when, require_when].flatMap(itemsOf).flatMap((set) => itemsOf(membersOf(set)[type])),
  ]
  return listed.filter((name) => typeof name === 'string')
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
