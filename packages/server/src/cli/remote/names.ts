import { PawlError, type PawlHttpClient } from '@pawl/core/client'
import { didYouMean } from '../../derive/did-you-mean.ts'
import { type Connection, clientAt, isOfAgent } from './connection.ts'
import { idPattern } from './vault.ts'

/** An object with an ID, and its name. */
export interface Named {
  readonly id: string
  readonly name: string
  /** Of a principal. */
  readonly kind?: 'user' | 'agent'
}

interface Noun {
  readonly called: string
  /** The command that lists all. */
  readonly list: string
  all(client: PawlHttpClient, input: Input, place?: Connection): Promise<readonly Named[]>
}

type Input = Record<string, unknown>

const agent: Noun = {
  called: 'agent',
  list: 'agent list',
  all: async ({ agents }) => (await agents.list()).agents.map(({ id, name }) => ({ id, name, kind: 'agent' })),
}

const member: Noun = {
  called: 'member',
  list: 'org members',
  all: async ({ orgs }) =>
    (await orgs.listMembers()).members.map(({ id, email }) => ({ id, name: email, kind: 'user' })),
}

const principal: Noun = {
  called: 'agent or member',
  list: 'agent list and pawl org members',
  all: principalsOf,
}

const apiKey: Noun = {
  called: 'API key',
  list: 'api-key list',
  all: async ({ auth }) => (await auth.listApiKeys()).keys.filter((key) => key.is_active),
}

const invitation: Noun = {
  called: 'invitation',
  list: 'org invitations',
  all: async ({ orgs }) => (await orgs.listInvitations()).invitations.map(({ id, email }) => ({ id, name: email })),
}

const binding: Noun = {
  called: 'binding',
  list: 'binding list <agent>',
  all: async ({ bindings }, { agent_id }) => (await bindings.list({ agent_id: String(agent_id) })).bindings,
}

/** The fields that accept a name. The agent comes first, because a binding belongs to an agent. */
const nouns: ReadonlyMap<string, Noun> = new Map([
  ['agent_id', agent],
  ['agent_ids', agent],
  ['user_id', member],
  ['principal_id', principal],
  ['recipient_id', principal],
  ['actor_id', principal],
  ['key_id', apiKey],
  ['invitation_id', invitation],
  ['binding_id', binding],
])

/** The field with the kind of principal of an ID. */
const kindFields: Readonly<Record<string, string>> = {
  principal_id: 'principal_type',
  recipient_id: 'recipient_type',
}

export function takesName(field: string): boolean {
  return nouns.has(field)
}

/** A field that says the kind of a principal follows from the name of the principal. */
export function followsFromName(name: string): boolean {
  return Object.values(kindFields).includes(name)
}

/** Replaces typed names by IDs, and sets the kind of the principal. */
export async function nameReferences(input: Input, place: Connection): Promise<void> {
  for (const [field, noun] of nouns) {
    const given = input[field]
    if (typeof given === 'string') Object.assign(input, await referenceTo(field, noun, given, input, place))
    if (Array.isArray(given))
      input[field] = await Promise.all(given.map((one) => idOf(noun, String(one), input, place)))
  }
}

/** The agents and members that the caller may see. */
async function principalsOf(client: PawlHttpClient, _: Input, place: Connection): Promise<readonly Named[]> {
  return (await Promise.all([agentsOf(client), membersOf(client, place)])).flat()
}

/** The agents that the caller may see. */
export function agentsOf(client: PawlHttpClient): Promise<readonly Named[]> {
  return agent.all(client, {}).catch(noneIfDenied)
}

/** The members that the caller may see. An agent sees none, and a refusal would be in its day. */
export async function membersOf(client: PawlHttpClient, place: Connection): Promise<readonly Named[]> {
  return isOfAgent(place) ? [] : member.all(client, {}).catch(noneIfDenied)
}

async function referenceTo(field: string, noun: Noun, given: string, input: Input, place: Connection): Promise<Input> {
  const kindField = kindFields[field]
  if (kindField === undefined) return { [field]: await idOf(noun, given, input, place) }
  const kind = input[kindField]
  if (idPattern.test(given) && kind !== undefined) return {}
  const found = await find(kind === 'agent' ? agent : kind === 'user' ? member : noun, given, input, place)
  return { [field]: found.id, ...(found.kind ? { [kindField]: found.kind } : {}) }
}

async function idOf(noun: Noun, given: string, input: Input, place: Connection): Promise<string> {
  // An agent uses `me` for itself.
  if (idPattern.test(given) || given === 'me') return given
  return (await find(noun, given, input, place)).id
}

async function find({ called, list, all }: Noun, given: string, input: Input, place: Connection): Promise<Named> {
  const known = await all(clientAt(place), input, place)
  const found = known.filter(({ id, name }) => name === given || id === given)
  const [one, ...others] = found
  if (one === undefined) {
    const question = didYouMean(
      given,
      known.map(({ name }) => name),
    )
    throw new PawlError(
      'not_found',
      'name_not_found',
      `No ${called} that you may see has the name ${given}${question} See pawl ${list}.`,
      undefined,
    )
  }
  if (others.length === 0) return one
  const ids = found.map(({ id }) => id).join(', ')
  throw new PawlError('invalid', 'ambiguous_name', `The name ${given} is not unique. Use an ID: ${ids}`, undefined)
}

/** A caller who may not see members may still see agents. */
function noneIfDenied(error: unknown): readonly Named[] {
  if (error instanceof PawlError && error.kind === 'denied') return []
  throw error
}
