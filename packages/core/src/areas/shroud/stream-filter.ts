import { type CredentialHit, credentialHits, liveCredential } from './detectors/credentials.ts'
import { isWordUnit } from './detectors/patterns.ts'
import type { KnownSecrets } from './redaction/known-secrets.ts'
import type { ShroudSettings } from './settings.ts'
import type { Finding } from './verdict.ts'

// Replaces known secrets and credentials in the text of a stream. The output is that of the whole text, wherever it is cut.

/** What may be passed on now, and what was replaced in it. */
export interface Filtered {
  readonly text: string
  readonly findings: readonly Finding[]
}

/** The filter of one text that comes in pieces. */
export interface StreamFilter {
  push(delta: string): Filtered
  end(): Filtered
}

/**
 * @example
 * const filter = streamFilter(settings, known)
 * for await (const delta of deltas) send(filter.push(delta).text)
 * send(filter.end().text)
 */
export function streamFilter(settings: ShroudSettings, known: KnownSecrets): StreamFilter {
  const redactor = settings.toolBindings.length > 0 ? known.references.redactor : known.redactor
  const secrets = settings.redactsSecrets ? redactor.textStream() : null
  const credentials = settings.filtersResponses ? new CredentialStream() : null
  let count = 0
  const filtered = (text: string, isEnd: boolean): Filtered => {
    const findings: Finding[] = []
    const found = (secrets?.count ?? 0) - count
    count += found
    for (let one = 0; one < found; one++) findings.push(secretReplaced)
    if (!credentials) return { text, findings }
    const { text: out, hits } = credentials.push(text, isEnd)
    for (const { pattern } of hits) {
      const { name, severity, score, message } = pattern
      findings.push({ ...nowhere, detector: 'credential_filter', rule: name, severity, score, message })
    }
    return { text: out, findings }
  }
  return {
    push: (delta) => filtered(secrets?.push(delta) ?? delta, false),
    end: () => filtered(secrets?.end() ?? '', true),
  }
}

/** A stream has no positions: what went before is gone. */
const nowhere = { part: 0, start: 0, end: 0, action: 'redact' } as const

const secretReplaced: Finding = {
  ...nowhere,
  ...{ detector: 'secret_redaction', rule: 'known_secret', severity: 'high', score: 1 },
  message: 'The text has the value of a secret that the agent may read.',
}

/** Longer ones are passed on in pieces: no credential is as long. */
const heldMax = 16_384

class CredentialStream {
  /** Stands for the character before what is held, because a credential begins a word. */
  #before = ''
  #held = ''

  push(text: string, isEnd: boolean): { text: string; hits: readonly CredentialHit[] } {
    const all = this.#before + this.#held + text
    const from = this.#before.length
    if (all.length === from) return { text: '', hits: [] }
    const found = credentialHits(all, from)
    const live = isEnd ? all.length : outside(found, this.#liveFrom(all, from))
    const hits = found.filter(({ end }) => end <= live)
    const out: string[] = []
    let at = from
    for (const { start, end, pattern } of hits) {
      out.push(all.slice(at, start), `[REDACTED:${pattern.name}]`)
      at = end
    }
    out.push(all.slice(at, live))
    this.#before = live === 0 ? '' : isWordUnit(all.charCodeAt(live - 1)) ? '0' : ' '
    this.#held = all.slice(live)
    return { text: out.join(''), hits }
  }

  #liveFrom(all: string, from: number): number {
    const live = liveCredential(all, from)
    return all.length - live > heldMax ? all.length : live
  }
}

/** A place that is within no credential, at most as far as the given one. */
function outside(hits: readonly CredentialHit[], place: number): number {
  return hits.find(({ start, end }) => start < place && place < end)?.start ?? place
}
