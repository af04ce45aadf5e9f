import type { Json } from '../../kernel/json.ts'
import type { Detector } from './detectors/detector.ts'
import type { Filters } from './dialects/filters.ts'
import { textsOfAnswer } from './dialects/texts.ts'
import { providerFailed } from './errors.ts'
import { inspect, strictest } from './pipeline.ts'
import type { KnownSecrets } from './redaction/known-secrets.ts'
import type { ShroudSettings } from './settings.ts'
import { streamFilter } from './stream-filter.ts'
import { type Finding, type Part, passedBy, type Verdict } from './verdict.ts'

/** An answer, or the rest of it, is not passed on. */
export class AnswerBlocked extends Error {
  readonly verdict: Verdict

  constructor(verdict: Verdict) {
    super('the answer is blocked')
    this.verdict = verdict
  }
}

/** So much of the text before is judged again with new text, and so much new text begins it. */
const windowCharacters = 2_048
const freshCharacters = 512
/** More text than this does not wait. */
const textCharactersMax = 4 * 1024 * 1024

interface Channel {
  readonly filter: ReturnType<typeof streamFilter>
  /** All text that no detector has judged, and some text before it. */
  window: string
  /** Number of new characters that no detector has judged. */
  fresh: number
  /** What waits until it was judged. */
  held: string
}

/** What was found in an answer so far. */
export interface Seen {
  readonly findings: readonly Finding[]
  readonly injectionScore: number
  readonly contextInjectionScore: number
  readonly responseInjectionScore: number
  readonly secretsRedacted: number
  readonly isChanged: boolean
}

/** Plug-ins that look at an answer too. */
export interface Others {
  readonly detectors: readonly Detector[]
  /** Never rejects. Null: no classifier. */
  readonly classify: ((parts: readonly Part[]) => Promise<readonly Finding[]>) | null
}

const noOthers: Others = { detectors: [], classify: null }

/** Passes on one answer: without known values and credentials, and with each tool call judged when it is complete. */
export class AnswerFilters implements Filters {
  readonly #settings: ShroudSettings
  readonly #known: KnownSecrets
  readonly #heldCharacters: number
  readonly #others: Others
  /** What was passed through the detectors, and waits for the classifiers. */
  readonly #unclassified: { readonly parts: readonly Part[]; readonly verdict: Verdict }[] = []
  readonly #channels = new Map<string, Channel>()
  readonly #findings = new Map<string, Finding>()
  readonly #scores = { injection: 0, contextInjection: 0, responseInjection: 0 }
  #secretsRedacted = 0
  #isChanged = false
  /** Chunks of a stream begin alike, one after the other. */
  #last: { readonly text: string; readonly value: Json } | null = null

  constructor(settings: ShroudSettings, known: KnownSecrets, heldCharacters: number, others = noOthers) {
    this.#settings = settings
    this.#known = known
    this.#heldCharacters = heldCharacters
    this.#others = others
  }

  get seen(): Seen {
    return {
      findings: [...this.#findings.values()],
      injectionScore: this.#scores.injection,
      contextInjectionScore: this.#scores.contextInjection,
      responseInjectionScore: this.#scores.responseInjection,
      secretsRedacted: this.#secretsRedacted,
      isChanged: this.#isChanged,
    }
  }

  /** Whether `classified` has something to wait for. */
  get isWaiting(): boolean {
    return this.#unclassified.length > 0
  }

  /** Waits for the classifiers. Call it before anything is passed on. Throws when one of them blocks. */
  async classified(): Promise<void> {
    for (let next = this.#unclassified.shift(); next; next = this.#unclassified.shift()) {
      const findings = (await this.#others.classify?.(next.parts)) ?? []
      for (const finding of findings) this.#note(finding)
      const action = strictest(findings.map((one) => one.action))
      if (action === 'block') throw new AnswerBlocked({ ...next.verdict, action, findings })
    }
  }

  text(name: string, delta: string): string {
    const channel = this.#channels.get(name) ?? this.#open(name)
    if (this.#waitsForAll) return this.#keep(channel, delta)
    return this.#pass(channel, channel.filter.push(delta))
  }

  end(name: string): string {
    const channel = this.#channels.get(name)
    if (!channel) return ''
    this.#channels.delete(name)
    if (this.#waitsForAll) return this.#judge([{ text: channel.held, role: 'assistant' }]).texts[0] ?? ''
    const rest = this.#pass(channel, channel.filter.end())
    if (channel.fresh > 0) this.#judge([{ text: channel.window, role: 'assistant' }])
    return rest + this.#release(channel)
  }

  call(tool: string, text: string): string {
    const { texts } = this.#judge([{ text, role: 'assistant', tool }])
    return this.#putBack(tool, texts[0] ?? '')
  }

  whole(value: Json): Json {
    const text = JSON.stringify(value)
    if (this.#last?.text === text) return this.#last.value
    const texts = textsOfAnswer(value)
    const verdict = this.#judge(texts.parts)
    const passed = verdict.texts.map((one, at) => {
      const { tool } = texts.parts[at] ?? {}
      return tool === undefined ? one : this.#putBack(tool, one)
    })
    const written = texts.write(passed, (other) => this.#redacted(other))
    this.#last = { text, value: written }
    return written
  }

  /** A text that is no JSON, such as the page of an error. */
  plain(text: string): string {
    return this.#judge([{ text, role: 'assistant' }]).texts[0] ?? ''
  }

  /** Pieces of a value can be far apart, so a text is searched for them when all of it is there. */
  get #waitsForAll(): boolean {
    const { redactsSecrets, advancedRedaction } = this.#settings
    return redactsSecrets && (advancedRedaction.splits || advancedRedaction.prefixes)
  }

  #keep(channel: Channel, delta: string): string {
    channel.held += delta
    if (channel.held.length > textCharactersMax)
      throw providerFailed({ message: 'the answer is too long for advanced redaction' })
    return ''
  }

  #open(name: string): Channel {
    const channel = { filter: streamFilter(this.#settings, this.#known), window: '', fresh: 0, held: '' }
    this.#channels.set(name, channel)
    return channel
  }

  #pass(
    channel: Channel,
    { text, findings }: { readonly text: string; readonly findings: readonly Finding[] },
  ): string {
    for (const finding of findings) this.#note(finding)
    if (findings.length > 0) this.#isChanged = true
    channel.window += text
    channel.fresh += text.length
    channel.held += text
    const isDue = channel.fresh >= (this.#heldCharacters || freshCharacters)
    if (isDue) {
      this.#judge([{ text: channel.window, role: 'assistant' }])
      // Not before: one delta can be longer than the window.
      channel.window = channel.window.slice(-windowCharacters)
      channel.fresh = 0
    }
    return isDue || this.#heldCharacters === 0 ? this.#release(channel) : ''
  }

  /** Redacts the held text by the settings. The window with all of it was judged. Text that was passed on at once was only judged. */
  #release(channel: Channel): string {
    const { held } = channel
    channel.held = ''
    if (this.#heldCharacters === 0 || held === '') return held
    return this.#inspect([{ text: held, role: 'assistant' }]).texts[0] ?? ''
  }

  #judge(parts: readonly Part[]): Verdict {
    const verdict = this.#inspect(parts)
    if (this.#others.classify !== null && parts.length > 0) {
      this.#unclassified.push({ parts: passedBy(verdict, parts), verdict })
    }
    return verdict
  }

  #inspect(parts: readonly Part[]): Verdict {
    const verdict = inspect(parts, this.#settings, this.#known, 'response', this.#others.detectors)
    for (const finding of verdict.findings) this.#note(finding)
    const scores = this.#scores
    scores.injection = Math.max(scores.injection, verdict.injectionScore)
    scores.contextInjection = Math.max(scores.contextInjection, verdict.contextInjectionScore)
    scores.responseInjection = Math.max(scores.responseInjection, verdict.responseInjectionScore)
    this.#secretsRedacted += verdict.secretsRedacted
    if (verdict.action === 'redact') this.#isChanged = true
    if (verdict.action === 'block') throw new AnswerBlocked(verdict)
    return verdict
  }

  /** The same rule again says nothing new, and windows overlap. */
  #note(finding: Finding): void {
    const name = `${finding.detector} ${finding.rule}`
    if (!this.#findings.has(name)) this.#findings.set(name, finding)
  }

  #redacted(text: string): string {
    if (!this.#settings.redactsSecrets) return text
    const { text: passed, count } = this.#known.redactor.whole(text)
    this.#secretsRedacted += count
    if (count > 0) this.#isChanged = true
    return passed
  }

  /** The agent's own settings say where a placeholder becomes the value again. */
  #putBack(tool: string, text: string): string {
    const { toolBindings } = this.#settings
    const given = toolBindings.length === 0 ? undefined : jsonIn(text)
    if (given === undefined) return text
    const { arguments: put, count, refused } = this.#known.references.putBack({ tool, arguments: given }, toolBindings)
    if (refused > 0) this.#note(placeholderNotBound)
    return count === 0 ? text : JSON.stringify(put)
  }
}

function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const placeholderNotBound: Finding = {
  ...{ detector: 'secret_redaction', rule: 'placeholder_not_bound', severity: 'medium', score: 0.5 },
  ...{ part: 0, start: 0, end: 0, action: 'warn' },
  message: 'A call of a tool has the placeholder of a secret where no binding lets the value come out.',
}
