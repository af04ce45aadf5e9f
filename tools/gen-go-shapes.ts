// Writes what the Go client of the contract can decode. It was generated from an early version of the API, and some of its
// models fail on a field that they do not know (core.md §1.3). What it knows is what the contract has, but for what the
// contract was given since. With --check nothing is written, and a committed file that differs is an error.
//
//   tsx tools/gen-go-shapes.ts [--check]
//   tsx tools/gen-go-shapes.ts --contract openapi-0.35.0.json    takes the part it needs from the contract

import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { formatted, generated } from './generated.ts'

/** The strict models, with the fields that the contract was given after the version that the client knows (2.6.0). */
const strictModels: Readonly<Record<string, readonly string[]>> = {
  AgentCreatedResponse: [],
  AgentResponse: [
    'tx_spent_today_eth',
    'federation_enabled',
    'federation_audiences',
    'federated_token_ttl_seconds',
    'signing_chains',
    'eip712_domain_allowlist',
    'eip712_default_policy',
    'message_signing_enabled',
    'raw_signing_enabled',
    'api_key_expires_at',
    'evm_address',
  ],
  AgentSmartAccountResponse: [],
  CmekRotationJobResponse: [],
  CommandInjectionConfig: [],
  EncodingDetectionConfig: [],
  FilesystemDetectionConfig: [],
  JwtPublicKeyResponse: [],
  NetworkDetectionConfig: [],
  PolicyResponse: [],
  SecretCreatedResponse: ['client_share'],
  SecretMetadataResponse: ['is_disabled'],
  SecretResponse: [],
  ShroudConfig: [
    'tool_call_inspection',
    'output_policy',
    'secret_injection_detection',
    'advanced_redaction',
    'semantic_policy',
    'flagged_request_retention_days',
  ],
  SocialEngineeringConfig: [],
  TokenResponse: [],
  UnicodeNormalizationConfig: [],
  VaultResponse: ['mpc_custody', 'mpc_threshold', 'mpc_providers'],
}

/** Answers that the contract gives no name, or another than the model that they are decoded with. */
const modelOfRoute: Readonly<Record<string, string>> = {
  'GET /v1/auth/jwt-public-key': 'JwtPublicKeyResponse',
  // Whether its own model is strict is not known, so it gets what every model of an agent takes.
  'GET /v1/agents/me': 'AgentResponse',
}

/** What a contract says about the shape of a value; all else is left out. */
interface Schema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>
}

/** The part of the contract that is committed here. */
interface Part {
  readonly answers: Readonly<Record<string, Answer>>
  readonly models: Readonly<Record<string, Schema>>
}

/** A strict model, or a list of them in an object that may hold anything else. */
type Answer = string | { readonly list: string; readonly of: string }

/** A field that is taken whole, the model that it has, or its fields. */
type Shape = true | string | { readonly [field: string]: Shape }

const partPath = 'tools/go-contract.json'
const shapesPath = 'packages/server/src/http/go-shapes.ts'
const partFile = resolve(import.meta.dirname, '..', partPath)

const { values } = parseArgs({ options: { check: { type: 'boolean' }, contract: { type: 'string' } } })
if (values.contract) writeFileSync(partFile, formatted(partPath, JSON.stringify(partOf(read(values.contract)))))
generated(shapesPath, formatted(shapesPath, shapesOf(read(partFile))), partPath)

function shapesOf({ answers, models }: Part): string {
  const shapes = Object.fromEntries(Object.entries(models).map(([name, model]) => [name, fieldsOf(name, model)]))
  return `// Written by tools/gen-go-shapes.ts.

/** A field that is taken whole, the model that it has, or its fields. */
export type GoShape = true | string | { readonly [field: string]: GoShape }

/** The only fields that each model of the Go client takes. */
export const goModels: Readonly<Record<string, GoShape>> = ${JSON.stringify(shapes)}

/** The model that each answer is decoded with, or is a list of. */
export const goAnswers: Readonly<Record<string, string | { readonly list: string; readonly of: string }>> =
  ${JSON.stringify(answers)}
`
}

function fieldsOf(name: string, { properties = {} }: Schema): Shape {
  const newer = strictModels[name] ?? []
  const unknown = newer.filter((field) => !Object.hasOwn(properties, field))
  if (unknown.length > 0) throw new Error(`the contract has no ${unknown.join(', ')} in ${name}`)
  return shapeOf({
    properties: Object.fromEntries(Object.entries(properties).filter(([field]) => !newer.includes(field))),
  })
}

function shapeOf({ $ref, properties, items }: Schema): Shape {
  if ($ref) return strict(nameOf($ref))
  if (items) return shapeOf(items)
  if (!properties) return true
  return Object.fromEntries(Object.entries(properties).map(([field, schema]) => [field, shapeOf(schema)]))
}

/** A model within a strict one is strict as well, so there must be a word on what it has gained. */
function strict(name: string): string {
  if (!Object.hasOwn(strictModels, name)) throw new Error(`${name} is not in the table of strict models`)
  return name
}

/** What of the contract there is to know about the answers with strict models, and about those models. */
function partOf({ paths, components }: Contract): Part {
  const answers: Record<string, Answer> = {}
  const models: Record<string, Schema> = {}
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const route = `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, '{}')}`
      const schema = successOf(operation)
      const answer = modelOfRoute[route] ?? (schema ? answerOf(schema, components.schemas) : null)
      if (!answer) continue
      answers[route] = answer
      if (schema?.properties) models[modelOfRoute[route] ?? ''] = pruned(schema)
    }
  }
  for (const name of Object.keys(strictModels)) models[name] ??= pruned(components.schemas[name] ?? {})
  return { answers, models: Object.fromEntries(Object.entries(models).sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function successOf({ responses = {} }: Operation): Schema | null {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))
  return success?.[1].content?.['application/json']?.schema ?? null
}

function answerOf({ $ref = '' }: Schema, schemas: Contract['components']['schemas']): Answer | null {
  if (Object.hasOwn(strictModels, nameOf($ref))) return nameOf($ref)
  for (const [list, { items }] of Object.entries(schemas[nameOf($ref)]?.properties ?? {})) {
    const of = nameOf(items?.$ref ?? '')
    if (Object.hasOwn(strictModels, of)) return { list, of }
  }
  return null
}

function pruned({ $ref, properties, items }: Schema): Schema {
  if ($ref) return { $ref }
  if (items) return { items: pruned(items) }
  if (!properties) return {}
  return { properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, pruned(one)])) }
}

function nameOf(ref: string): string {
  return ref.split('/').at(-1) ?? ''
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'))
}
