import { commandInjection, encoding } from './commands.ts'
import { contextInjection, promptInjection, responseInjection } from './injections.ts'
import type { Corpus } from './parts.ts'
import { credentials, pii, socialEngineering } from './people.ts'
import { filesystem, network } from './places.ts'

export type { Corpus } from './parts.ts'

/** Prompts written for these detectors, at least 200 hostile and 400 harmless ones for each. */
export const corpora: Readonly<Record<string, Corpus>> = {
  prompt_injection: promptInjection,
  context_injection: contextInjection,
  response_injection: responseInjection,
  command_injection: commandInjection,
  encoding,
  social_engineering: socialEngineering,
  network,
  filesystem,
  pii,
  secret_injection: credentials,
  credential_filter: credentials,
}
