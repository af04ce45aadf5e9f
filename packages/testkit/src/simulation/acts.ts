import { PawlError, Secret } from '@pawl/core'
import { Budget, type Changing, Finding, Register } from '../model/index.ts'
import type { Life } from './engines.ts'
import { Died } from './engines.ts'
import type { Chance } from './schedule.ts'
import type { SimulatedAgent, SimulatedSecret, SimulatedToken, Things } from './things.ts'

/** The objects that an act uses. */
export interface Stage {
  readonly life: Life
  readonly things: Things
  readonly chance: Chance
  /** The turn it is. */
  readonly now: () => number
  newText(): string
}

/** An action of an agent or an owner. It throws a `Finding` when it sees a result that must not occur. */
export type Act = (stage: Stage) => Promise<string>

/** How often each is chosen. */
export const acts: readonly (readonly [weight: number, name: string, act: Act])[] = [
  [8, 'put', put],
  [26, 'read by owner', readAsOwner],
  [20, 'read by agent', readAsAgent],
  [3, 'delete', remove],
  [5, 'grant', (stage) => changeAccess(stage, true)],
  [5, 'deny', (stage) => changeAccess(stage, false)],
  [3, 'enable', (stage) => changeActive(stage, true)],
  [3, 'disable', (stage) => changeActive(stage, false)],
  [5, 'sign in', signIn],
  [4, 'revoke token', revokeToken],
  [6, 'share', share],
  [34, 'read share', readShare],
  [2, 'rotate key', rotateKey],
  [6, 'run jobs', async (stage) => shown(await outcome(stage, () => stage.life.pawl.runJobs().catch(() => 0)))],
]

type Outcome<T> = { readonly answer: T } | { readonly error: PawlError } | 'unknown'

/** The outcome of a call. It is unknown when the engine died or was unavailable. */
async function outcome<T>({ life }: Stage, call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await life.unlessDead(call()) }
  } catch (error) {
    if (error instanceof Died) return 'unknown'
    if (!(error instanceof PawlError)) throw error
    if (error.kind === 'internal') throw new Finding('an engine answered internal')
    return error.kind === 'unavailable' ? 'unknown' : { error }
  }
}

const ownerOf = ({ life, things }: Stage) => life.pawl.as({ user: things.owner })

/** Records a change in the model, and its outcome. */
async function changing<T>(stage: Stage, action: string, change: Changing, call: () => Promise<T>) {
  const became = await outcome(stage, call)
  if (became === 'unknown') change.unknown()
  else if ('error' in became) change.refused()
  else {
    change.acknowledged()
    trace(stage, action)
  }
  return became
}

function trace({ things: { trail } }: Stage, action: string): void {
  if (action !== 'none') trail.acknowledged(action)
}

function shown(became: Outcome<unknown>): string {
  if (became === 'unknown') return 'unknown'
  return 'error' in became ? became.error.code : 'done'
}

async function put(stage: Stage): Promise<string> {
  const { things, chance } = stage
  const secret = popular(stage)
  const value = stage.newText()
  const readsMax = chance.perMille(500) ? 1 + chance.below(2) : 0
  if (readsMax > 0) secret.reads.set(value, new Budget(`the value ${value}`, readsMax))
  const limited = readsMax > 0 ? { max_access_count: readsMax } : {}
  const wanted = { vault_id: things.vault, path: secret.path, value, ...limited }
  const became = await changing(stage, 'secret.write', secret.value.change(value), () =>
    ownerOf(stage).secrets.put(wanted),
  )
  if (became !== 'unknown' && 'error' in became) throw new Finding(`the owner may not put: ${became.error.code}`)
  if (became !== 'unknown') noteVersion(secret, became.answer.version, value)
  return `${secret.path} ${value} ${shown(became)}`
}

/** Most acts use the same secret. Otherwise, calls would rarely conflict. */
function popular({ things, chance }: Stage): SimulatedSecret {
  return chance.pick(chance.perMille(700) ? things.secrets.slice(0, 1) : things.secrets)
}

function noteVersion({ path, versions }: SimulatedSecret, version: number, value: string): void {
  const known = versions.get(version) ?? value
  if (known !== value) throw new Finding(`version ${version} of ${path} is both ${known} and ${value}`)
  versions.set(version, value)
}

async function readAsOwner(stage: Stage): Promise<string> {
  const secret = popular(stage)
  return read(stage, secret, { user: stage.things.owner }, () => null)
}

async function readAsAgent(stage: Stage): Promise<string> {
  const { things, chance } = stage
  const agent = chance.pick(things.agents)
  const token = agent.tokens.length > 0 && chance.perMille(700) ? chance.pick(agent.tokens) : null
  const { knows } = stage.life
  const may = (since: number) => {
    const { isActive, mayRead } = agent
    if (token && token.expiresAt <= knows) return 'its token had expired'
    if (token && !token.isLive.may(Boolean, since)) return 'its token had been revoked'
    if (!isActive.may(Boolean, since)) return 'it had been disabled'
    return mayRead.may(Boolean, since) ? null : 'nothing let it'
  }
  return read(stage, popular(stage), token?.text ?? agent.key, may)
}

type Reader = Parameters<Life['pawl']['as']>[0]

/** `hinders` says why this reader cannot have been let in at any moment since. */
async function read(stage: Stage, secret: SimulatedSecret, who: Reader, hinders: (since: number) => string | null) {
  const since = stage.now()
  const place = { vault_id: stage.things.vault, path: secret.path }
  const became = await outcome(stage, () => stage.life.pawl.as(who).secrets.get(place))
  if (became === 'unknown') return `${secret.path} unknown`
  if ('error' in became) {
    checkMissing(secret, became.error, since)
    return `${secret.path} ${became.error.code}`
  }
  const value = textOf(became.answer.value)
  const hindrance = hinders(since)
  if (hindrance) throw new Finding(`an agent read ${secret.path} although ${hindrance}`)
  checkRead(secret, value, since)
  noteVersion(secret, became.answer.version, value)
  trace(stage, 'secret.read')
  return `${secret.path} is ${value}`
}

function checkRead(secret: SimulatedSecret, value: string, since: number): void {
  const { path, reads } = secret
  if (!secret.value.may((one) => one === value, since))
    throw new Finding(`${path} was ${value}, which was over by then`)
  reads.get(value)?.give()
}

/** A missing secret was deleted or not stored yet, or all its reads were used. */
function checkMissing({ path, value, reads }: SimulatedSecret, { kind, code }: PawlError, since: number): void {
  if (kind !== 'gone' && code !== 'secret_not_found') return
  if (!value.may((one) => one === null || reads.has(one), since)) throw new Finding(`${path} was lost: ${code}`)
}

function textOf(value: unknown): string {
  return value instanceof Secret ? String(value.reveal()) : String(value)
}

async function remove(stage: Stage): Promise<string> {
  const secret = popular(stage)
  const place = { vault_id: stage.things.vault, path: secret.path }
  const call = () => ownerOf(stage).secrets.delete(place)
  return `${secret.path} ${shown(await changing(stage, 'secret.delete', secret.value.change(null), call))}`
}

/** One agent that no other act is changing. */
async function withAgent(stage: Stage, work: (agent: SimulatedAgent) => Promise<string>): Promise<string> {
  const agent = stage.chance.pick(stage.things.agents)
  if (agent.isChanging) return 'busy'
  agent.isChanging = true
  try {
    return await work(agent)
  } finally {
    agent.isChanging = false
  }
}

function changeAccess(stage: Stage, may: boolean): Promise<string> {
  return withAgent(stage, async ({ id, mayRead }) => {
    const { vault: vault_id } = stage.things
    const owner = ownerOf(stage)
    const grant = async () => {
      const agent = { principal_type: 'agent', principal_id: id } as const
      await owner.policies.create({ vault_id, secret_path_pattern: '**', ...agent, permissions: ['read'] })
    }
    const deny = async () => {
      const { policies } = await owner.policies.list({ vault_id })
      const own = policies.filter(({ principal_id }) => principal_id === id)
      for (const { id: policy_id } of own) await owner.policies.delete({ vault_id, policy_id })
    }
    return `${id} ${shown(await changing(stage, 'none', mayRead.change(may), may ? grant : deny))}`
  })
}

function changeActive(stage: Stage, is_active: boolean): Promise<string> {
  return withAgent(stage, async ({ id, isActive }) => {
    const call = () => ownerOf(stage).agents.update({ agent_id: id, is_active })
    return `${id} ${shown(await changing(stage, 'agent.update', isActive.change(is_active), call))}`
  })
}

async function signIn(stage: Stage): Promise<string> {
  const agent = stage.chance.pick(stage.things.agents)
  const since = stage.now()
  const became = await outcome(stage, () => stage.life.pawl.as({}).auth.agentToken({ api_key: agent.key }))
  if (became === 'unknown' || 'error' in became) return `${agent.id} ${shown(became)}`
  if (!agent.isActive.may(Boolean, since)) throw new Finding('a disabled agent was given a token')
  const text = textOf(became.answer.access_token)
  const token: SimulatedToken = { text, expiresAt: expiryOf(text), isLive: new Register<boolean>(stage.now, true) }
  agent.tokens = [...agent.tokens.slice(-2), token]
  trace(stage, 'auth.success')
  return `${agent.id} done`
}

function expiryOf(token: string): number {
  const { exp } = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
  return exp * 1_000
}

async function revokeToken(stage: Stage): Promise<string> {
  const { tokens } = stage.chance.pick(stage.things.agents)
  const token = tokens[stage.chance.below(tokens.length || 1)]
  if (!token) return 'there is none'
  const call = () => stage.life.pawl.as(token.text).auth.revoke()
  return shown(await changing(stage, 'none', token.isLive.change(false), call))
}

async function share(stage: Stage): Promise<string> {
  const { things, chance } = stage
  const place = popular(stage)
  const max = 1 + chance.below(2)
  const became = await outcome(stage, async () => {
    const wanted = { vault_id: things.vault, secret_path: place.path, max_access_count: max }
    return ownerOf(stage).sharing.createByPath(wanted)
  })
  if (became === 'unknown' || 'error' in became) return shown(became)
  things.shares.push({ id: became.answer.id, place, reads: new Budget(`the share of ${place.path}`, max) })
  trace(stage, 'share.create')
  return `${place.path} for ${max}`
}

async function readShare(stage: Stage): Promise<string> {
  const { things } = stage
  const shared = things.shares.at(-1)
  if (!shared) return 'there is none'
  const since = stage.now()
  const became = await outcome(stage, () => stage.life.pawl.as({}).sharing.access({ share_id: shared.id }))
  if (became === 'unknown' || 'error' in became) return shown(became)
  const value = textOf(became.answer.value)
  shared.reads.give()
  checkRead(shared.place, value, since)
  trace(stage, 'share.access')
  return `${shared.place.path} is ${value}`
}

async function rotateKey(stage: Stage): Promise<string> {
  const became = await outcome(stage, () => ownerOf(stage).vaults.rotateKey({ vault_id: stage.things.vault }))
  if (became !== 'unknown' && 'answer' in became) trace(stage, 'vault.rotate_key')
  return shown(became)
}
