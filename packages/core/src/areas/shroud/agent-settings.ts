import * as z from 'zod'
import { agentFields, fields, switchSetting, valueSetting } from '../../operations/index.ts'
import { isUserPattern } from './detectors/user-patterns.ts'

const { allowsNothing, flag, words } = agentFields

const score = () => z.number('must be a number from 0 to 1').min(0, 'must be at least 0').max(1, 'must be at most 1')
const money = () => z.number('must be a number').min(0, 'must not be negative')
const choice = <const C extends readonly [string, ...string[]]>(...choices: C) =>
  z.enum(choices, `must be one of ${choices.join(', ')}`)

/** A part of the configuration. Unknown members are stored and returned unchanged. */
const part = (members: Readonly<Record<string, z.ZodType>>) =>
  z.looseObject(eachOptional({ enabled: flag(), ...members }), 'must be an object').nullish()

/** Patterns run in linear time, so they are those of RE2. */
const patterns = () =>
  z
    .array(
      z
        .string('must be a string')
        .min(1, 'must not be empty')
        .max(1_024, 'must have at most 1024 characters')
        .refine(isUserPattern, 'must be a regular expression in the syntax of RE2'),
      'must be a list',
    )
    .max(100, 'must have at most 100 entries')

const sensitivity = () => choice('low', 'medium', 'high')

const shortText = () =>
  z.string('must be a string').min(1, 'must not be empty').max(256, 'must have at most 256 characters')

/** Where a placeholder becomes the value again. */
const toolBindings = () =>
  z
    .array(
      z
        .looseObject(
          eachOptional({
            tool: shortText(),
            argument: shortText(),
            destination: shortText().regex(hostName, 'must be a host name, such as api.example.com or *.example.com'),
            secrets: words(),
          }),
          'must be an object',
        )
        .refine(
          ({ tool, argument, destination }) => destination != null || (tool != null && argument != null),
          'must name a destination, or a tool and an argument',
        ),
      'must be a list',
    )
    .max(200, 'must have at most 200 entries')

const hostName = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,30}$|^\[[0-9a-f:.]{2,45}\]$/i

const configMembers = {
  pii_policy: choice('block', 'redact', 'warn', 'allow'),
  injection_threshold: score(),
  context_injection_threshold: score(),
  allowed_providers: words(),
  allowed_models: words(),
  denied_models: words(),
  max_tokens_per_request: fields.count(),
  max_requests_per_minute: fields.count(),
  max_requests_per_day: fields.count(),
  daily_budget_usd: money(),
  enable_secret_redaction: flag(),
  enable_response_filtering: flag(),
  sanitization_mode: choice('block', 'surgical', 'log_only', 'sanitize', 'warn'),
  threat_logging: flag(),
  flagged_request_retention_days: fields.count(365),
  streaming_inspection_mode: choice('rolling', 'holdback'),
  streaming_holdback_chars: fields.count(65_536, 64),
  max_concurrent_streams: fields.count(1_000, 1),
  unicode_normalization: part({
    strip_zero_width: flag(),
    normalize_homoglyphs: flag(),
    normalization_form: choice('NFC', 'NFKC', 'NFD', 'NFKD'),
  }),
  command_injection_detection: part({
    action: choice('block', 'sanitize', 'warn', 'log'),
    patterns: choice('default', 'strict', 'custom'),
    strictness: choice('strict', 'default', 'relaxed'),
    custom_patterns: patterns(),
  }),
  social_engineering_detection: part({ action: choice('block', 'warn', 'log'), sensitivity: sensitivity() }),
  encoding_detection: part({
    action: choice('block', 'decode', 'warn', 'log'),
    detect_base64: flag(),
    detect_hex: flag(),
    detect_unicode: flag(),
    detect_unicode_escape: flag(),
  }),
  network_detection: part({
    action: choice('block', 'warn', 'log'),
    blocked_domains: words(),
    allowed_domains: words(),
  }),
  filesystem_detection: part({ action: choice('block', 'sanitize', 'warn', 'log'), blocked_paths: words(1_024) }),
  tool_call_inspection: part({
    action: choice('block', 'warn', 'log'),
    allowed_tool_names: words(),
    denied_tool_names: words(),
    scan_arguments: flag(),
    block_credential_exfil: flag(),
  }),
  output_policy: part({
    action: choice('block', 'redact', 'sanitize', 'warn', 'log'),
    blocked_patterns: patterns(),
    blocked_entities: words(),
    block_harmful_content: flag(),
    harmful_categories: words(),
  }),
  secret_injection_detection: part({
    action: choice('block', 'redact', 'sanitize', 'warn', 'log'),
    sensitivity: sensitivity(),
  }),
  advanced_redaction: part({
    detect_base64_encoded: flag(),
    detect_split_secrets: flag(),
    detect_prefix_leak: flag(),
    min_secret_length: fields.count(1_024),
  }),
  semantic_policy: part({
    action: choice('block', 'warn', 'log'),
    allowed_topics: words(),
    denied_topics: words(),
    allowed_tasks: words(),
    denied_tasks: words(),
  }),
  tool_bindings: toolBindings(),
}

const config = () =>
  fields
    .freeObject()
    .superRefine((given, context) => {
      const { error } = z.looseObject(eachOptional(configMembers)).safeParse(given)
      for (const { path, message } of error?.issues ?? [])
        context.addIssue({ code: 'custom', path: [...path], message })
    })
    .meta({ type: 'object', additionalProperties: true })
    .describe(
      'Settings of the redacting proxy for this agent. An update changes only the settings that it names. Null resets a setting to its default.',
    )

function eachOptional(members: Readonly<Record<string, z.ZodType>>) {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member.nullish()]))
}

/** Settings for calls of an agent to models. */
export const shroudAgentSettings = {
  shroud_enabled: switchSetting(flag().describe('Whether the agent calls models through the redacting proxy.'), {
    strictest: true,
  }),
  shroud_config: valueSetting(config(), {
    shown: fields.shownObject(),
    isMerged: true,
    strictest: {
      pii_policy: 'block',
      injection_threshold: 0,
      context_injection_threshold: 0,
      allowed_providers: allowsNothing,
    },
  }),
}
