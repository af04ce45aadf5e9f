import type { ContentDetector } from '@pawl/core/ports'

const badge = /\bBADGE-[0-9]{6}\b/g

/**
 * Takes the numbers of badges out of what agents tell models.
 *
 * @example
 * const pawl = await createPawl({ storage, hsm, shroud: { detectors: [badges()] } })
 */
export function badges(): ContentDetector {
  return {
    name: 'badges',
    detect: ({ text }) =>
      Array.from(text.matchAll(badge), ({ index, 0: { length } }) => ({
        rule: 'badge_number',
        severity: 'medium',
        score: 0.8,
        start: index,
        end: index + length,
        action: 'redact',
      })),
  }
}
