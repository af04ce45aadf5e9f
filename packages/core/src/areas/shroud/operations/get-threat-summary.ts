import * as z from 'zod'
import { day, hour, rfc3339 } from '../../../kernel/time.ts'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { agentKind } from '../../agents/index.ts'
import {
  type Activity,
  type ActivityCounts,
  activityKind,
  countsBetween,
  requestsIn,
  windowBegin,
} from '../activity.ts'
import { ThreatSummary } from '../schemas.ts'

const periods = { '1h': hour, '24h': day, '7d': 7 * day, '30d': 30 * day } as const
const names = Object.keys(periods) as [keyof typeof periods]
const flaggedMax = 50

export const getThreatSummary = operation({
  name: 'shroud.threatSummary',
  summary: 'Summarise the threats that Shroud found in a period that ends now.',
  http: {
    method: 'GET',
    path: '/v1/shroud/threat-summary',
    status: 200,
    id: 'getShroudThreatSummary',
    tag: 'Shroud',
  },
  command: { name: 'shroud threats' },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'shroud.threats', resource: 'agent', about: ({ period }) => ({ period }) },
  input: z.object({
    period: fields.optional(z.enum(names, `must be one of ${names.join(', ')}`)).describe('Default: 24h.'),
  }),
  output: ThreatSummary,
  errors: [],
  run: (context, { period = '24h' }) => {
    const { unit, now } = context
    const length = periods[period]
    const begin = windowBegin(now, length)
    const counts = countsBetween(unit, begin, now + 1)
    const before = countsBetween(unit, begin - length, begin)
    const detectors = detectorStats(counts)
    return {
      total_requests: requestsIn(counts),
      total_requests_prev: requestsIn(before),
      blocked_requests: requestsIn(counts, { action: 'blocked' }),
      detectors_triggered: detectors.length,
      active_agents: new Set(counts.flatMap(({ byAgent }) => Object.keys(byAgent))).size,
      detectors,
      flagged_requests: flaggedSince(context, begin),
    }
  },
})

function detectorStats(counts: readonly ActivityCounts[]): ThreatSummary['detectors'] {
  const names = [...new Set(counts.flatMap(({ byDetector }) => Object.keys(byDetector)))].sort()
  return names.map((detector) => {
    const sum = (action: 'blocked' | 'warned' | 'logged') =>
      counts.reduce((total, { byDetector }) => total + (byDetector[detector]?.[action] ?? 0), 0)
    const actions = { blocked: sum('blocked'), warned: sum('warned'), logged: sum('logged') }
    const detections = actions.blocked + actions.warned + actions.logged
    return { detector, detections, blocks: actions.blocked, actions }
  })
}

function flaggedSince({ unit }: Context, from: number): ThreatSummary['flagged_requests'] {
  const found = unit.page(activityKind, 'flagged', { from: [from], limit: flaggedMax, reverse: true })
  const agents = unit.getAll(
    agentKind,
    found.map(({ agentId }) => agentId),
  )
  return found.flatMap((activity, at) => flaggedBody(activity, agents[at]?.name ?? ''))
}

function flaggedBody({ id, agentId, flagged, createdAt }: Activity, agentName: string) {
  if (!flagged) return []
  const { score, reason, action } = flagged
  return [{ id, timestamp: rfc3339(createdAt), agent_id: agentId, agent_name: agentName, score, reason, action }]
}
