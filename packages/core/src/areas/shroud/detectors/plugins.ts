import type { ContentDetector, DetectorHit } from '../../../ports/shroud.ts'
import type { Detector, Hit, Seen } from './detector.ts'

// Detectors of others. What they answer is checked here, because a wrong place or rule would be stored and shown.

const known = new WeakMap<readonly ContentDetector[], readonly Detector[]>()

/** The plug-ins as detectors of the pipeline. Each is on for every agent. */
export function pluginDetectors(plugins: readonly ContentDetector[] = []): readonly Detector[] {
  if (plugins.length === 0) return []
  const made = known.get(plugins) ?? plugins.map(detectorOf)
  known.set(plugins, made)
  return made
}

function detectorOf(plugin: ContentDetector): Detector {
  return {
    name: `plugin:${plugin.name}`,
    isOn: () => true,
    detect: (seen) => plugin.detect(shownTo(seen)).map((hit) => checked(hit, plugin.name, seen.shadow.text.length)),
  }
}

function shownTo({ part: { role, tool }, direction, shadow: { text } }: Seen) {
  return Object.freeze({ text, role, direction, tool })
}

/** A rule is stored and shown, so it must not have the text in it. */
export const ruleShape = /^[a-z][a-z0-9_]{0,63}$/

function checked({ rule, severity, score, start, end, action }: DetectorHit, plugin: string, length: number): Hit {
  const isPlace = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length
  const isKnown = severities.has(severity) && hitActions.has(action)
  if (!ruleShape.test(rule) || !(score >= 0 && score <= 1) || !isPlace || !isKnown)
    throw new TypeError('A detector returned an invalid hit. Check rule, severity, score, action, start and end.')
  const message = `The plug-in ${plugin} has found something.`
  return { rule, severity, score, start, end, action, message, marker: `[REMOVED:${rule}]` }
}

export const severities: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'critical'])
const hitActions: ReadonlySet<string> = new Set(['warn', 'redact', 'block'])
