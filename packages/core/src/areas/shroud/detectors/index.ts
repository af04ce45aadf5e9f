import type { Direction } from '../verdict.ts'
import { commandInjection } from './command-injection.ts'
import { contextInjection } from './context-injection.ts'
import { credentialFilter } from './credential-filter.ts'
import type { Detector } from './detector.ts'
import { encoding } from './encoding.ts'
import { filesystem } from './filesystem.ts'
import { network } from './network.ts'
import { outputPolicy } from './output-policy.ts'
import { personalData } from './pii.ts'
import { promptInjection } from './prompt-injection.ts'
import { responseInjection } from './response-injection.ts'
import { secretInjection } from './secret-injection.ts'
import { semanticPolicy } from './semantic-policy.ts'
import { socialEngineering } from './social-engineering.ts'
import { toolCalls } from './tool-calls.ts'
import { unicode } from './unicode.ts'

/** What looks at a text, in this order. Hidden characters and known secrets come before: they need the bytes as they are. */
export const detectors: Readonly<Record<Direction, readonly Detector[]>> = {
  request: [
    secretInjection,
    personalData,
    contextInjection,
    promptInjection,
    unicode,
    commandInjection,
    encoding,
    socialEngineering,
    network,
    filesystem,
    toolCalls,
    semanticPolicy,
  ],
  response: [
    toolCalls,
    outputPolicy,
    responseInjection,
    promptInjection,
    contextInjection,
    network,
    credentialFilter,
    semanticPolicy,
  ],
}

/** What looks at a text that was decoded from a part, although the settings only warn of encodings. */
export const injectionDetectors: readonly Detector[] = [contextInjection, promptInjection]
