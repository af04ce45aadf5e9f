// The input and the result of the pipeline. No type here holds a text that was found. A finding has its position.

/** One text of a request or a response, and who wrote it. */
export interface Part {
  readonly text: string
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  /** The text is the arguments of a call of this tool, as JSON. */
  readonly tool?: string | undefined
}

/** The direction of the texts: to the model, or from the model. */
export type Direction = 'request' | 'response'

/** From the mildest. Of several findings, the strictest action counts. */
export const actions = ['allow', 'warn', 'redact', 'block'] as const
export type Action = (typeof actions)[number]

export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** The name of a detector, as it stands in findings, events and metrics. */
export type DetectorName =
  | 'hidden_characters'
  | 'secret_redaction'
  | 'secret_injection'
  | 'pii'
  | 'context_injection'
  | 'prompt_injection'
  | 'unicode'
  | 'command_injection'
  | 'encoding'
  | 'social_engineering'
  | 'network'
  | 'filesystem'
  | 'tool_calls'
  | 'output_policy'
  | 'response_injection'
  | 'credential_filter'
  | 'semantic_policy'
  | `plugin:${string}`

/** A finding of a detector, with its position. It never contains the text that was found. */
export interface Finding {
  readonly detector: DetectorName
  /** The name of the rule, such as `pipe_to_shell`. */
  readonly rule: string
  readonly severity: Severity
  /** From 0 to 1. */
  readonly score: number
  /** The number of the part, and the positions in its text as it was given. */
  readonly part: number
  readonly start: number
  readonly end: number
  /** The action for this finding, by the settings of the agent. */
  readonly action: Action
  /** A sentence for the operator. */
  readonly message: string
}

export interface Verdict {
  /** The strictest action of all findings. `redact`: pass on the texts of the verdict, which differ from the given ones. */
  readonly action: Action
  readonly findings: readonly Finding[]
  /** The texts to pass on, in the order of the parts. Never pass on the given texts: hidden characters are removed here. */
  readonly texts: readonly string[]
  readonly injectionScore: number
  readonly contextInjectionScore: number
  readonly responseInjectionScore: number
  readonly unicodeNormalized: boolean
  readonly piiDetected: boolean
  /** How many values of known secrets were replaced. */
  readonly secretsRedacted: number
  /** Findings that were left out, because there were too many. */
  readonly findingsDropped: number
}

/** The parts as they pass: with the texts of the verdict. */
export function passedBy({ texts }: Verdict, parts: readonly Part[]): Part[] {
  return parts.map((part, at) => ({ ...part, text: texts[at] ?? '' }))
}
