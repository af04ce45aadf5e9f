import type { DetectorName, Finding, Verdict } from './verdict.ts'

const listOf: Readonly<Partial<Record<DetectorName, string>>> = {
  command_injection: 'command_injection_detected',
  social_engineering: 'social_engineering_detected',
  encoding: 'encoding_detected',
  network: 'network_threats_detected',
  filesystem: 'filesystem_threats_detected',
}

/** Proxies refuse headers that are much longer. */
const headerCharactersMax = 4_000

/** The value of `X-Shroud-Inspection`: what was found, by the names of rules, and never a text. One line of ASCII. */
export function inspectionHeader({ findings, unicodeNormalized, injectionScore, piiDetected }: Verdict): string {
  for (let most = 20; ; most = Math.floor(most / 2)) {
    const lists = Object.entries(listOf).map(([detector, list]) => [
      list,
      findings
        .filter((finding) => finding.detector === detector)
        .slice(0, most)
        .map(threatOf),
    ])
    const header = JSON.stringify({
      unicode_normalized: unicodeNormalized,
      ...Object.fromEntries(lists),
      injection_score: injectionScore,
      pii_detected: piiDetected,
    })
    if (header.length <= headerCharactersMax || most === 0) return header
  }
}

function threatOf({ detector, rule, part, start, severity }: Finding) {
  return { threat_type: detector, pattern: rule, location: `${part}:${start}`, severity }
}

/** Why a request was refused, in a sentence. */
export function blockedMessage({ findings, injectionScore, contextInjectionScore }: Verdict): string {
  const deciding = findings.find(({ action }) => action === 'block')
  if (!deciding) return 'The request was refused.'
  const { detector, message } = deciding
  if (detector === 'prompt_injection') return `Prompt injection detected (score ${injectionScore}). ${message}`
  if (detector === 'context_injection') return `Context injection detected (score ${contextInjectionScore}). ${message}`
  return `Request blocked by ${detector}. ${message}`
}
