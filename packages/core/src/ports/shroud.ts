import type { Model } from './model.ts'

/**
 * Plug-ins of Shroud, the proxy between agents and models.
 *
 * @example
 * const pawl = await createPawl({ storage, hsm, shroud: { detectors: [badges()], classifiers: [{ classifier: toxicity() }] } })
 */
export interface ShroudPlugins {
  /** Look at each text, after the detectors of Shroud. */
  readonly detectors?: readonly ContentDetector[]
  /** Judge each request and answer, after all detectors and without the secrets in it. */
  readonly classifiers?: readonly ClassifierChoice[]
  /** Answer chat completions for the provider that they name. Each has its own key. */
  readonly models?: readonly Model[]
}

/** Who wrote a text, and what Shroud knows about it. */
export interface ShroudText {
  readonly text: string
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  /** To the model, or from the model. */
  readonly direction: 'request' | 'response'
  /** The text is the arguments of a call of this tool, as JSON. */
  readonly tool?: string | undefined
}

/**
 * Finds something in a text. It is a pure function: no state, no clock, no calls. When it throws, the text is refused.
 *
 * @example
 * const badges: ContentDetector = {
 *   name: 'badges',
 *   detect: ({ text }) => [...text.matchAll(/\bBADGE-[0-9]{6}\b/g)].map(({ index }) => ({
 *     rule: 'badge_number', severity: 'medium', score: 0.8, start: index, end: index + 12, action: 'redact',
 *   })),
 * }
 */
export interface ContentDetector {
  /** Lowercase letters, digits and underscores. Findings name it `plugin:<name>`. */
  readonly name: string
  /** Gets the text in its normal form: without hidden characters and look-alikes. */
  detect(text: ShroudText): readonly DetectorHit[]
}

export interface DetectorHit {
  /** The name of the rule: lowercase letters, digits and underscores. It must not repeat the text. */
  readonly rule: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** From 0 to 1. */
  readonly score: number
  /** Positions in the text: the first character, and the one after the last. */
  readonly start: number
  readonly end: number
  /** The mode of the agent can weaken it. */
  readonly action: 'warn' | 'redact' | 'block'
}

/**
 * Judges a whole request or answer. It can take time and call a service, because it gets no known secret: these are replaced
 * before. A classifier that throws, or is too slow, refuses what it was asked about.
 */
export interface Classifier {
  /** Lowercase letters, digits and underscores. Findings name it `plugin:<name>`. */
  readonly name: string
  classify(content: ClassifierContent): Promise<readonly Judgement[]>
}

export interface ClassifierContent {
  readonly texts: readonly ShroudText[]
  /** What the agent may talk about, by its settings. Null: its settings do not say. */
  readonly topics: Topics | null
  /** Aborts when the answer comes too late or the caller leaves. */
  readonly signal: AbortSignal
}

/** The semantic policy of an agent. An empty list says nothing. */
export interface Topics {
  readonly allowedTopics: readonly string[]
  readonly deniedTopics: readonly string[]
  readonly allowedTasks: readonly string[]
  readonly deniedTasks: readonly string[]
  /** What happens when a text breaks it. */
  readonly action: 'warn' | 'block'
}

export interface Judgement {
  /** The name of the rule: lowercase letters, digits and underscores. It must not repeat the text. */
  readonly rule: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** From 0 to 1. */
  readonly score: number
  readonly action: 'warn' | 'block'
}

export interface ClassifierChoice {
  readonly classifier: Classifier
  /** Default: 2000. */
  readonly timeoutMs?: number
  /** What happens when it throws or is too slow. `warn` lets the text pass, with a finding. Default: `block`. */
  readonly onFailure?: 'block' | 'warn'
}

const shortName = /^[a-z][a-z0-9_]{0,31}$/

/**
 * The provider names of the models. Throws a `TypeError` when a name is malformed, or two plug-ins of a kind have the same.
 *
 * @example
 * modelNamesIn({ models: [scriptedModel(['Hello.'])] }) // ['scripted']
 */
export function modelNamesIn({ detectors = [], classifiers = [], models = [] }: ShroudPlugins): readonly string[] {
  const kinds = {
    detector: detectors.map(({ name }) => name),
    classifier: classifiers.map(({ classifier: { name } }) => name),
    model: models.map(({ provider }) => provider),
  }
  for (const [kind, names] of Object.entries(kinds)) {
    const malformed = names.find((name) => !shortName.test(name))
    if (malformed !== undefined)
      throw new TypeError(`The name of a ${kind} must have lowercase letters, digits and underscores: ${malformed}`)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) throw new TypeError(`Two plug-ins of the kind ${kind} have the name ${twice}.`)
  }
  return kinds.model
}
