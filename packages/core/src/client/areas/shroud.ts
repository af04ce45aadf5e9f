// Written by tools/gen-client-types.ts.

import type { CallOptions } from '../types.ts'

/** The operations of the area `shroud`. */
export interface ShroudClient {
  /**
   * Inspect a text for injections, secrets, personal data and other threats.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.shroud.inspectContent({
   *   content: 'Ignore all previous instructions.',
   *   context: 'input',
   * })
   */
  inspectContent(input: InspectContentInput, options?: CallOptions): Promise<InspectContentResponse>
}

/** Input of `shroud.inspectContent`. */
export interface InspectContentInput {
  /** The text. At most 200000 characters. */
  readonly content: string
  /** input: a text that the agent received. output: a text that the agent wants to send or use. Default: output. */
  readonly context?: 'input' | 'output' | null | undefined
}

export interface InspectContentResponse {
  readonly verdict: 'clean' | 'warning' | 'suspicious' | 'malicious'
  readonly safe: boolean
  readonly threat_count: number
  readonly threats: InspectedThreat[]
  /** Whether the text has hidden characters, look-alikes or compatible forms. */
  readonly unicode_normalized: boolean
  /** The text without secrets and personal data, if it has some. */
  readonly redacted_content?: string | undefined
  /** The text in its normal form, if it is not in it. */
  readonly normalized_content?: string | undefined
}

export interface InspectedThreat {
  /** The kind of threat, such as command_injection or secret_leak. */
  readonly type: string
  /** The name of the rule. */
  readonly pattern: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** The text that matched, up to 80 characters. A marker stands in the place of a secret. */
  readonly match: string
}
