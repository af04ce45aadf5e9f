import type { Detector } from './detectors/detector.ts'
import { inspect } from './pipeline.ts'
import type { KnownSecrets } from './redaction/known-secrets.ts'
import type { ShroudSettings } from './settings.ts'
import { withoutHidden, withoutHomoglyphs } from './shadow.ts'
import type { DetectorName, Finding, Severity } from './verdict.ts'

// The verdict on any text, in the words of the contract: for agents that want to know before they say it or act on it.

export interface ContentVerdict {
  readonly verdict: 'clean' | 'warning' | 'suspicious' | 'malicious'
  readonly safe: boolean
  readonly threat_count: number
  readonly threats: readonly Threat[]
  readonly unicode_normalized: boolean
  /** The text without secrets, personal data and credentials, when it has some. */
  readonly redacted_content?: string
  /** The text without hidden characters and look-alikes, when it has some. */
  readonly normalized_content?: string
}

export interface Threat {
  readonly type: string
  /** The name of the rule. */
  readonly pattern: string
  readonly severity: Severity
  /** What was found, at most 80 characters of it. A marker in the place of a secret. */
  readonly match: string
}

/** `input`: what comes to the agent. `output`: what the agent is about to say or to use. */
export type ContentContext = 'input' | 'output'

const types: Readonly<Partial<Record<DetectorName, string>>> = {
  hidden_characters: 'unicode_obfuscation',
  unicode: 'unicode_obfuscation',
  secret_redaction: 'secret_leak',
  secret_injection: 'secret_leak',
  credential_filter: 'secret_leak',
  tool_calls: 'secret_exfiltration',
  encoding: 'encoding_obfuscation',
  network: 'network_threat',
  filesystem: 'filesystem_threat',
}

const matchCharactersMax = 80

/** What plug-ins add: detectors, and what the classifiers have said. */
export interface Plugged {
  readonly detectors: readonly Detector[]
  readonly judged: readonly Finding[]
}

/** @example inspectContent('rm -rf /', 'output', settings, known).verdict // 'malicious' */
export function inspectContent(
  content: string,
  context: ContentContext,
  settings: ShroudSettings,
  known: KnownSecrets,
  { detectors = [], judged = [] }: Partial<Plugged> = {},
): ContentVerdict {
  const part = { text: content, role: context === 'input' ? 'user' : 'tool' } as const
  const asked = inspect([part], settings, known, 'request', detectors)
  const answered = context === 'output' ? inspect([part], settings, known, 'response', detectors) : null
  const findings = distinct([...asked.findings, ...(answered?.findings ?? []), ...judged])
  const redacted = inspect(answered?.texts[0] ?? content, settings, known, 'request', detectors).texts[0]
  const letters = withoutHomoglyphs(withoutHidden(content).text).text
  const normalized = settings.unicode.isOn ? letters.normalize(settings.unicode.form) : letters
  const isRedacted = findings.some(({ action }) => action === 'redact')
  return {
    ...verdictOf(findings),
    threat_count: findings.length,
    threats: findings.map((finding) => threatOf(content, finding, known)),
    unicode_normalized: asked.unicodeNormalized,
    ...(isRedacted && redacted !== undefined && { redacted_content: redacted }),
    ...(normalized !== content && { normalized_content: normalized }),
  }
}

/** The same rule at the same place is one threat, whichever way the text goes. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byPlace = new Map(findings.map((finding) => [`${typeOf(finding)} ${finding.rule} ${finding.start}`, finding]))
  return [...byPlace.values()]
}

function verdictOf(findings: readonly Finding[]): Pick<ContentVerdict, 'verdict' | 'safe'> {
  const has = (wanted: Severity) => findings.some(({ severity }) => severity === wanted)
  const verdict = has('critical') ? 'malicious' : has('high') ? 'suspicious' : findings.length > 0 ? 'warning' : 'clean'
  return { verdict, safe: verdict === 'clean' }
}

function threatOf(content: string, finding: Finding, { redactor }: KnownSecrets): Threat {
  const { rule, severity, start, end } = finding
  // Redacted before it is cut, so that no half of a value stays.
  const match = redactor.whole(content.slice(start, end)).text
  const isSecret = finding.detector === 'secret_redaction' || typeOf(finding) === 'secret_leak'
  return {
    type: typeOf(finding),
    pattern: rule,
    severity,
    match: isSecret ? `[REDACTED:${rule}]` : match.slice(0, matchCharactersMax),
  }
}

function typeOf({ detector }: Finding): string {
  return types[detector] ?? detector
}
