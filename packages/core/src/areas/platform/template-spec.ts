import * as z from 'zod'
import { invalidField, invalidInput } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { limits } from '../../kernel/limits.ts'
import { fields, type JoinedAreas, parseInput } from '../../operations/index.ts'
import { type NewAgentInput, newAgentInput } from '../agents/index.ts'
import { type Conditions, conditionProblems, patternField } from '../policies/index.ts'
import { canSign, keyChainField } from '../signers/index.ts'

// What a bootstrap makes for a user. A spec is checked when it is written and again when it is used, so that a bootstrap
// rarely fails. Unknown keys are kept and have no effect.

const agentsMax = 10
const policiesMax = 50
const signingKeysMax = 20

type Spec = Readonly<Record<string, Json>>

export interface ResolvedSpec {
  readonly vault: { readonly name: string; readonly description: string } | null
  readonly agents: readonly NewAgentInput[]
  /** One for each path. */
  readonly policies: readonly PolicyWanted[]
  readonly signingKeys: readonly KeyWanted[]
}

type KeyChain = z.output<ReturnType<typeof keyChainField>>

interface KeyWanted {
  /** The number of the agent in the list. */
  readonly agent: number
  readonly chain: KeyChain
}

interface PolicyWanted {
  /** The number of the agent in the list. */
  readonly agent: number
  readonly pattern: string
  readonly permissions: readonly ('read' | 'write' | 'rotate' | 'delete')[]
  readonly conditions: Conditions
}

/** What an app without a template makes: the documented defaults, one of each. */
export const builtInSpec: Spec = { vault: {}, agents: [{}], policies: [{}] }

export function specField() {
  return fields.freeObject(limits.metadataBytesMax).describe('Vault, agents, policies and signing keys of each user.')
}

const vaultSchema = z.object(
  {
    name: fields
      .optional(fields.name().refine((name) => !name.startsWith('__'), 'must not begin with __, which is reserved'))
      .transform((name) => name ?? 'main'),
    description: fields.optional(fields.text(limits.descriptionCharactersMax)).transform((text) => text ?? ''),
  },
  'must be an object',
)

const listOf = <T extends z.ZodType>(item: T, max: number) =>
  z.array(item, 'must be a list').max(max, `must have at most ${max} entries`)

const policySchema = z.object(
  {
    principal_ref: fields.optional(fields.text(300)),
    vault_ref: fields.optional(z.enum(['vault', '0'], 'must be vault, the vault of the template')),
    paths: fields.optional(listOf(patternField(), policiesMax).min(1, 'must have at least one path')),
    permissions: fields.optional(
      listOf(z.enum(['read', 'write', 'rotate', 'delete'], 'must be read, write or rotate'), 4).min(
        1,
        'must have at least one permission',
      ),
    ),
    conditions: fields.optional(fields.freeObject(16 * 1024)),
  },
  'must be an object',
)

const signingKeySchema = z.object(
  { chain: keyChainField().refine(canSign, 'is not supported yet') },
  'must be an object',
)

/** What an agent says of its own keys. `provision_eoa` asks for an address on EVM chains. */
const agentKeysSchema = z.object({
  signing_keys: fields.optional(listOf(signingKeySchema, signingKeysMax)),
  provision_eoa: z.boolean('must be true or false').optional(),
})

/**
 * Reads a spec. Throws `invalid_input`, with the place in the spec.
 *
 * @example
 * readSpec({ vault: { name: 'user-vault' }, agents: [{ intents: { enabled: true } }] }, areas)
 */
export function readSpec(spec: Spec, { agentSettings }: Pick<JoinedAreas, 'agentSettings'>): ResolvedSpec {
  const shape = z.object({
    vault: fields.optional(vaultSchema),
    agents: fields.optional(listOf(newAgentInput(agentSettings).and(agentKeysSchema), agentsMax)),
    policies: fields.optional(listOf(policySchema, policiesMax)),
    signing_keys: fields.optional(listOf(signingKeySchema, signingKeysMax)),
  })
  const { spec: read } = parseInput(z.object({ spec: shape }), { spec: inFlatSpelling(spec, agentSettings) })
  const { vault = null, agents = [], policies = [], signing_keys: ofFirst = [] } = read
  const signingKeys = keysOf(ofFirst, agents)
  if (signingKeys.length > 0 && !agents.some((agent) => agent.intents_api_enabled)) {
    throw invalidField('spec.signing_keys', 'must have an agent with intents.enabled')
  }
  const names = agents.map(({ name }) => name)
  const wanted = policies.flatMap((policy, at) => rowsOf(policy, at, names, vault !== null))
  if (wanted.length > policiesMax) throw invalidField('spec.policies', `must have at most ${policiesMax} paths in all`)
  return { vault, agents: agents.map(withoutOwnWays), policies: wanted, signingKeys }
}

/** The keys of a spec belong to its first agent. Each is made once. */
function keysOf(
  ofFirst: readonly { readonly chain: KeyChain }[],
  agents: readonly z.output<typeof agentKeysSchema>[],
): readonly KeyWanted[] {
  const wanted = new Map<string, KeyWanted>()
  const add = (agent: number, chain: KeyChain) => wanted.set(`${agent} ${chain}`, { agent, chain })
  for (const { chain } of ofFirst) add(0, chain)
  for (const [agent, { signing_keys = [], provision_eoa }] of agents.entries()) {
    for (const { chain } of signing_keys) add(agent, chain)
    if (provision_eoa) add(agent, 'ethereum')
  }
  return [...wanted.values()]
}

/** An agent of a template signs in with the key that the bootstrap shows, and no vault of a spec has an ID yet. */
function withoutOwnWays(agent: NewAgentInput & z.output<typeof agentKeysSchema>): NewAgentInput {
  const { signing_keys: _, provision_eoa: __, ...rest } = agent
  return { ...rest, auth_method: 'api_key', vault_ids: [] } as NewAgentInput
}

/** One policy for each path of an entry. */
function rowsOf(
  { principal_ref, paths = ['**'], permissions = ['read', 'write'], conditions = {} }: z.output<typeof policySchema>,
  at: number,
  names: readonly string[],
  hasVault: boolean,
): PolicyWanted[] {
  const field = (name: string) => `spec.policies.${at}${name === '' ? '' : `.${name}`}`
  if (!hasVault) throw invalidField(field('vault_ref'), 'must name the vault, and the spec has none')
  const agent = agentOf(principal_ref, names)
  if (agent === null)
    throw invalidField(field('principal_ref'), 'must name an agent of the spec, such as agents.primary')
  const problems = Object.entries(conditionProblems(conditions))
  if (problems.length > 0) {
    throw invalidInput({ fields: Object.fromEntries(problems.map(([name, why]) => [field(name), why])) })
  }
  return [...new Set(paths)].map((pattern) => ({ agent, pattern, permissions, conditions }))
}

/** `agents.primary` is the first agent, with any name. Other references use a name or number. Null: there is no such agent. */
function agentOf(ref: string | undefined, names: readonly string[]): number | null {
  if (ref === undefined || ref === 'agents.primary') return names.length > 0 ? 0 : null
  const [, name = ''] = /^(?:agents\.|agent:)(.+)$/.exec(ref) ?? []
  const byName = names.indexOf(name)
  const number = byName === -1 && /^\d{1,3}$/.test(name) ? Number(name) : byName
  return number >= 0 && number < names.length ? number : null
}

/** Agents in the spelling of `POST /v1/agents`. What stands beside the agents holds for each of them. */
function inFlatSpelling(spec: Spec, settings: JoinedAreas['agentSettings']): unknown {
  const { agents } = spec
  if (!Array.isArray(agents)) return spec
  const inherited = Object.entries(spec).filter(([name]) => Object.hasOwn(settings, name) || isIntents(name))
  return { ...spec, agents: agents.map((agent) => flatAgent(agent, Object.fromEntries(inherited))) }
}

const isIntents = (name: string) => ['intents', 'intents_api_enabled', 'execution'].includes(name)

function flatAgent(agent: Json, inherited: Spec): unknown {
  if (!isObject(agent)) return agent
  const { intents, execution, ...rest } = { ...inherited, ...agent } as Spec
  const intentsOn = switchIn(intents)
  const executionOn = switchIn(execution)
  return {
    name: 'primary',
    ...(intentsOn === undefined ? {} : { intents_api_enabled: intentsOn }),
    ...(executionOn === undefined ? {} : { execution_intents_enabled: executionOn }),
    ...rest,
  }
}

/** `{ enabled: true }` or `true`. Anything else stays what it is, to be refused by name. */
function switchIn(value: Json | undefined): Json | undefined {
  return isObject(value) ? (value.enabled ?? false) : (value ?? undefined)
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** What stands for a placeholder: `{{params.region}}` of the bootstrap, `{{subject.email}}` of the user. */
export interface Replacements {
  readonly params: Readonly<Record<string, Json>>
  readonly subject: Readonly<Record<string, string | null | undefined>>
}

const placeholder = /\{\{\s*([\w.]+)\s*\}\}/g

/** The spec with its placeholders replaced. One that nothing stands for is refused. */
export function fillSpec(spec: Spec, { params, subject }: Replacements): Spec {
  return filled(spec, (name) => {
    const [kind, key = ''] = name.split('.')
    const found = kind === 'params' ? own(params, key) : kind === 'subject' ? own(subject, key) : null
    const value = name === 'user_name' ? (subject.display_name ?? subject.email) : found
    if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
    throw invalidField(kind === 'params' ? `parameters.${key}` : 'spec', `has nothing for the placeholder ${name}`)
  }) as Spec
}

/** For the check when it is written, each placeholder stands for a harmless word. */
export function checkSpec(spec: Spec, areas: Pick<JoinedAreas, 'agentSettings'>): ResolvedSpec {
  return readSpec(filled(spec, () => 'placeholder') as Spec, areas)
}

function filled(value: Json, wordFor: (name: string) => string): Json {
  if (typeof value === 'string') return value.replace(placeholder, (_, name: string) => wordFor(name))
  if (Array.isArray(value)) return value.map((one) => filled(one, wordFor))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, wordFor)]))
}

function own<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined
}

const refOf = (agent: number) => (agent === 0 ? 'agents.primary' : `agents.${agent}`)

/** What a bootstrap would make, with nothing left out. */
export function shownSpec({ vault, agents, policies, signingKeys }: ResolvedSpec): Spec {
  return {
    vault: vault && { ...vault },
    agents: agents.map((agent) => ({
      ...(JSON.parse(JSON.stringify(agent)) as Record<string, Json>),
      intents: { enabled: agent.intents_api_enabled === true },
    })),
    policies: policies.map(({ agent, pattern, permissions, conditions }) => ({
      principal_ref: refOf(agent),
      vault_ref: 'vault',
      paths: [pattern],
      permissions: [...permissions],
      conditions,
    })),
    signing_keys: signingKeys.map(({ agent, chain }) => ({ agent_ref: refOf(agent), chain })),
  }
}
