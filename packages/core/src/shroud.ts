// The API of Shroud, the layer between agents and models: it judges texts, and replaces the secrets in them.

export { converse } from './areas/shroud/conversation.ts'
export { type Route, routeOf } from './areas/shroud/dialects/calls.ts'
export { type DetectorScore, evaluate, type LabelledText } from './areas/shroud/evaluation.ts'
export { identifyRouterKey } from './areas/shroud/identify-router-key.ts'
export type { Conversation } from './areas/shroud/inspected.ts'
export { blockedMessage, inspectionHeader } from './areas/shroud/inspection-header.ts'
export { inspect } from './areas/shroud/pipeline.ts'
export {
  type KnownSecret,
  type KnownSecrets,
  knownSecretsOf,
  noSecrets,
} from './areas/shroud/redaction/known-secrets.ts'
export type { Call, PutBack, References } from './areas/shroud/redaction/references.ts'
export { type SemanticJudgeOptions, semanticJudge } from './areas/shroud/semantic-judge.ts'
export { type ShroudSettings, settingsOf, type ToolBinding } from './areas/shroud/settings.ts'
export type { Action, DetectorName, Direction, Finding, Part, Severity, Verdict } from './areas/shroud/verdict.ts'
export { type ByteStream, type Place, type Redacted, Redactor, type TextStream } from './kernel/redactor.ts'
