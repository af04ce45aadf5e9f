import { day } from '../../kernel/time.ts'
import { sweepTask } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'

/** The text of a flagged request as it went on or would have gone on: what was redacted is redacted here too. */
export interface FlaggedRequest {
  /** The id of the activity. */
  readonly id: string
  readonly org: string
  readonly agentId: string
  readonly texts: readonly FlaggedText[]
  readonly endsAt: number
}

export interface FlaggedText {
  readonly role: string
  readonly text: string
}

/** Global, so that one task drops what is over. Its body is sealed like that of each record. */
export const flaggedKind = kind<FlaggedRequest>('shroudFlagged', {
  scope: 'global',
  idOf: 'shroudActivity',
  indexes: {
    ends: { key: ({ endsAt }) => [endsAt] },
    agent: { key: ({ org, agentId }) => [org, agentId] },
  },
})

export const flaggedTask = sweepTask('shroud.flagged', flaggedKind)

/** A record holds less than a body may have. The end of a conversation is what was new. */
const charactersMax = 256 * 1024

/** Stages a copy for review, for as many days as the agent's settings say. */
export function keepFlagged(
  unit: Unit,
  flagged: Omit<FlaggedRequest, 'endsAt'>,
  { days, now }: { readonly days: number; readonly now: number },
): void {
  if (days > 0) unit.put(flaggedKind, { ...flagged, texts: lastOf(flagged.texts), endsAt: now + days * day })
}

function lastOf(texts: readonly FlaggedText[]): FlaggedText[] {
  const kept: FlaggedText[] = []
  let room = charactersMax
  for (const { role, text } of [...texts].reverse()) {
    if (room <= 0) break
    kept.unshift({ role, text: text.slice(-room) })
    room -= text.length
  }
  return kept
}
