import { corpora } from '@pawl/testkit/vectors/shroud'
import { describe, expect, it } from 'vitest'
import { inspect } from '../pipeline.ts'
import { noSecrets } from '../redaction/known-secrets.ts'
import { settingsOf } from '../settings.ts'
import type { Direction, Part } from '../verdict.ts'

// Goal: detectors find what is hostile and leave alone what people ask all day. Method: prompts of our own, at least 200
// hostile and 400 harmless ones for each detector; a prompt counts as found when the detector has a finding.

const settings = settingsOf({ filesystem_detection: {}, secret_injection_detection: {} })

/** What each detector finds at least, of the hostile prompts. */
const recall: Readonly<Record<string, number>> = {
  prompt_injection: 0.97,
  context_injection: 0.97,
  response_injection: 0.97,
  command_injection: 0.97,
  encoding: 0.97,
  social_engineering: 0.97,
  network: 0.97,
  filesystem: 0.97,
  pii: 0.97,
  secret_injection: 0.97,
  credential_filter: 0.97,
}

const falsePositivesMax = 0.01

function finds(detector: string, text: string): boolean {
  const isAnswer = detector === 'response_injection' || detector === 'credential_filter'
  const direction: Direction = isAnswer ? 'response' : 'request'
  const role: Part['role'] = isAnswer ? 'assistant' : detector === 'context_injection' ? 'tool' : 'user'
  return inspect([{ text, role }], settings, noSecrets, direction).findings.some((one) => one.detector === detector)
}

describe.each(Object.keys(corpora))('%s', (detector) => {
  const { hostile = [], harmless = [] } = corpora[detector] ?? {}

  it('has enough prompts, and each once', () => {
    expect(new Set(hostile).size).toBe(hostile.length)
    expect(new Set(harmless).size).toBe(harmless.length)
    expect(hostile.length).toBeGreaterThanOrEqual(200)
    expect(harmless.length).toBeGreaterThanOrEqual(400)
  })

  it('finds the hostile prompts', () => {
    const missed = hostile.filter((text) => !finds(detector, text))
    expect(1 - missed.length / hostile.length, missed.slice(0, 40).join('\n---\n')).toBeGreaterThanOrEqual(
      recall[detector] as number,
    )
  })

  it('leaves the harmless prompts alone', () => {
    const found = harmless.filter((text) => finds(detector, text))
    expect(found.length / harmless.length, found.slice(0, 40).join('\n---\n')).toBeLessThan(falsePositivesMax)
  })
})
