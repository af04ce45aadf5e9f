import { registry, type Who } from '@pawl/core'
import { memoryHsm } from '@pawl/core/ports/reference'
import { operationsOf } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import type { World } from '@pawl/testkit/world'
import { recordingHsm } from '@pawl/testkit/wrappers'
import { describe, expect, test } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import type { JsonSchema } from '../../src/derive/json-schema.ts'
import type { Received } from '../transports.ts'
import {
  bearerOf,
  type Case,
  cases,
  type Door,
  fieldsOf,
  isPublic,
  named,
  openDoor,
  requestOf,
  textsIn,
} from './door.ts'

// Goal: nobody gets through a route what is not theirs. Method: the table of routes, each tried by everybody who must not,
// with ids that are right, and in the end by whoever may, which shows that nothing else was wrong with the request.

/** Who may call without showing anything: a new one is a decision, and a line here. */
const publicOperations = [
  'accounts.forgotPassword',
  'accounts.resetPassword',
  'accounts.sendEmailCode',
  'accounts.signUp',
  'accounts.verifyEmail',
  'accounts.verifyEmailCode',
  'approvals.quickDecide',
  'auth.agentToken',
  'auth.apiKeyToken',
  'auth.federatedToken',
  'auth.jwks',
  'auth.jwtPublicKey',
  'auth.openidConfiguration',
  'auth.token',
  'billing.receiveEvent',
  'chains.get',
  'chains.list',
  'enrolments.enroll',
  'enrolments.status',
  'factors.beginMfaPasskey',
  'factors.beginPasskeySignIn',
  'factors.completeMfaPasskey',
  'factors.completePasskeySignIn',
  'factors.verifyMfa',
  'health.get',
  'health.hsm',
  'identities.begin',
  'identities.complete',
  'identities.google',
  'identities.signOutUrl',
  'identities.socialLogin',
  'logins.poll',
  'logins.request',
  'logins.status',
  'oauth.metadata',
  'oauth.revoke',
  'oauth.token',
  'oauth.userInfo',
  'orgs.acceptInvitation',
  'platform.previewClaim',
  'platform.redeemClaim',
  'seal.status',
  'seal.unseal',
  'sharing.access',
]

type Role = 'owner' | 'admin' | 'member' | 'agent' | 'tenant'
/** `own`: every caller gets what is theirs, so there is no one answer for all operations of the row. */
type Row = Readonly<Record<Role, 'may' | 'own' | 403 | 404>>

/** What a role alone gives, without a grant, by what guards the operation. A guard that has no row here fails. */
const rows: Readonly<Record<string, Row>> = {
  'secret.read': { owner: 403, admin: 403, member: 403, agent: 403, tenant: 404 },
  'secret.write': { owner: 403, admin: 403, member: 403, agent: 403, tenant: 404 },
  'secret.delete': { owner: 403, admin: 403, member: 403, agent: 403, tenant: 404 },
  'secret.rotate': { owner: 403, admin: 403, member: 403, agent: 403, tenant: 404 },
  'vault.see': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'vault.govern': { owner: 403, admin: 403, member: 404, agent: 404, tenant: 404 },
  'vault.delete': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'agent.see': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'agent.run': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'agent.lifecycle': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'approval.see': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'approval.decide': { owner: 'may', admin: 'may', member: 404, agent: 403, tenant: 404 },
  'pending_approval.see': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'pending_approval.decide': { owner: 'may', admin: 'may', member: 404, agent: 403, tenant: 404 },
  'pending_approval.end': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'pending_approval.execute': { owner: 'may', admin: 'may', member: 404, agent: 403, tenant: 404 },
  'enrolment.allow': { owner: 403, admin: 403, member: 404, agent: 403, tenant: 404 },
  'platform_app.use': { owner: 'may', admin: 'may', member: 404, agent: 403, tenant: 404 },
  'platform_app.own': { owner: 'may', admin: 'may', member: 404, agent: 403, tenant: 404 },
  'treasury.see': { owner: 'may', admin: 'may', member: 404, agent: 404, tenant: 404 },
  'treasury.act': { owner: 'own', admin: 'own', member: 404, agent: 404, tenant: 404 },
  'treasury.manage': { owner: 'may', admin: 'may', member: 404, agent: 403, tenant: 404 },
  'treasury.request': { owner: 403, admin: 403, member: 403, agent: 'own', tenant: 403 },
  operator: { owner: 'may', admin: 'may', member: 403, agent: 403, tenant: 403 },
  admin: { owner: 'may', admin: 'may', member: 403, agent: 403, tenant: 'own' },
  'admin, of one': { owner: 'may', admin: 'may', member: 403, agent: 403, tenant: 404 },
  'of one': { owner: 'own', admin: 'own', member: 404, agent: 404, tenant: 404 },
  'of one, known at home': { owner: 'own', admin: 'own', member: 403, agent: 403, tenant: 404 },
  'of one, after a proof': { owner: 'own', admin: 'own', member: 403, agent: 403, tenant: 403 },
  'of whoever asks': { owner: 'own', admin: 'own', member: 'own', agent: 'own', tenant: 'own' },
}

describe('the table of routes', () => {
  test('D9: has no public operation that was not meant to be one', () => {
    const names = cases.filter(isPublic).map(({ operation }) => operation.name)
    expect(names.sort()).toEqual(publicOperations)
  })

  test('has an example for every operation that has a route, so none is left out below', () => {
    const routed = operationsOf(registry).filter(({ http }) => http)
    expect(cases.map(({ operation }) => operation.name)).toEqual(routed.map(({ name }) => name))
  })
})

describe.each(
  named(
    some(
      'operations that strangers call',
      20,
      cases.filter((one) => !isPublic(one)),
    ),
  ),
)('%s', (_, one) => {
  test('D2, D4, D16: is refused to whoever shows nothing, or what no longer counts, and nothing has happened', async () => {
    await using door = await openDoor()
    const { who, input } = await one.example(door.world)
    const bearers = await goneBearers(door.world)
    const before = kindsIn(door.world)
    for (const [name, bearer] of Object.entries(bearers)) {
      for (const route of one.routes) {
        const { path, sent } = requestOf(route, input)
        const answer = await door.send(path, { ...sent, bearer })
        expect([name, answer.status]).toEqual([name, 401])
        checkSilent(answer)
        if (route.method !== 'GET') continue
        const head = await door.send(path, { method: 'HEAD', bearer })
        expect([401, 405]).toContain(head.status)
        expect(head.text).toBe('')
      }
    }
    expect(kindsIn(door.world)).toEqual(before)
    await rightful(door, one, who, input)
  })

  test('D3, D4, D15: gives each role what its role gives, and another organisation what is nowhere', async () => {
    await using door = await openDoor()
    const { who, input } = await one.example(door.world)
    const strangers = Object.entries(await strangersOf(door.world)) as [Role, Who][]
    for (const [role, stranger] of strangers) {
      const expected = expectedOf(one, role)
      if (typeof expected === 'string') continue
      const bearer = await bearerOf(door.world, stranger)
      for (const route of one.routes) {
        const { path, sent } = requestOf(route, input)
        const answer = await door.send(path, { ...sent, bearer })
        expect([role, answer.status]).toEqual([role, expected])
        checkSilent(answer)
        if (role !== 'tenant') continue
        const nowhere = requestOf(route, elsewhere(input))
        expect((await door.send(nowhere.path, { ...nowhere.sent, bearer })).text).toBe(answer.text)
      }
    }
    await rightful(door, one, who, input)
  })

  test('D4: answers another organisation out of its own records alone', async () => {
    await using door = await openDoor()
    const { input } = await one.example(door.world)
    const { ownerId } = await door.world.otherOrg()
    const bearer = await bearerOf(door.world, { user: ownerId })
    let seen = ''
    for (const route of one.routes) {
      const { path, sent } = requestOf(route, input)
      seen += (await door.send(path, { ...sent, bearer })).text
    }
    const known = textsIn(input)
    const ours = [door.world.org, door.world.ownerId, 'owner@example.com', 'hunter']
    const served = isOfInstallation(one) ? [] : await idsServed(one)
    for (const text of [...ours, ...served]) if (!known.includes(text)) expect(seen).not.toContain(text)
  })

  // The proof in an example is that of its user, so nobody else can show it.
  const granted = one.operation.confirms
    ? []
    : (['owner', 'admin'] as const).filter((role) => expectedOf(one, role) === 'may')
  for (const role of granted) {
    test(`D3: is open to another ${role}`, async () => {
      await using door = await openDoor()
      const { input } = await one.example(door.world)
      const { id } = await door.world.member({ role })
      await rightful(door, one, { user: id }, input)
    })
  }

  if (rowOf(one).startsWith('secret.') || rowOf(one).startsWith('vault.')) {
    test('D3: asks for its own permission, and no other will do', async () => {
      await using door = await openDoor()
      const { input } = await one.example(door.world)
      const [vault] = (await door.world.owner.vaults.list()).vaults
      const needed = rowOf(one).split('.')[1] ?? ''
      const others = permissions().filter((permission) => !brings(permission, needed))
      const policy = { pattern: '**', vault_id: vault?.id ?? '', permissions: others as ['read'] }
      const agent = await door.world.agent({ policies: [policy] })
      const [route] = one.routes
      if (!route) throw new Error('an operation without a route')
      const { path, sent } = requestOf(route, input)
      const answer = await door.send(path, { ...sent, bearer: await bearerOf(door.world, { agent: agent.id }) })
      expect(answer.status).toBe(needed === 'see' ? route.status : 403)
      if (needed !== 'see') checkSilent(answer)
    })
  }
})

describe('D13: the policies of a vault', () => {
  test('are written by its owner, and by nobody for themselves, whatever they may do with its secrets', async () => {
    await using door = await openDoor()
    const { world } = door
    const vault = await world.owner.vaults.create({ name: 'prod' })
    const { id: agent } = await world.agent({
      policies: [{ pattern: '**', permissions: [...everything], vault_id: vault.id }],
    })
    const { id: admin } = await world.member({ role: 'admin' })
    const principal = { principal_type: 'user', principal_id: admin, vault_id: vault.id } as const
    await world.owner.policies.create({
      ...principal,
      secret_path_pattern: '**',
      permissions: [...everything],
    })
    const { policies } = await world.owner.policies.list({ vault_id: vault.id })
    for (const who of [{ agent }, { user: admin }]) {
      const bearer = await bearerOf(world, who)
      const [kind, id] = Object.entries(who)[0] ?? []
      const rule = { secret_path_pattern: '**', principal_type: kind, principal_id: id, permissions: ['read'] }
      const at = `/v1/vaults/${vault.id}/policies`
      const attempts: [string, string, unknown][] = [
        ['POST', at, rule],
        ...policies.map(({ id: own }): [string, string, unknown] => ['PUT', `${at}/${own}`, { permissions: ['read'] }]),
        ...policies.map(({ id: own }): [string, string, unknown] => ['DELETE', `${at}/${own}`, {}]),
      ]
      for (const [method, path, body] of attempts) {
        const answer = await door.send(path, { method, bearer, body: JSON.stringify(body) })
        expect([method, answer.status]).toEqual([method, 403])
      }
    }
    expect((await world.owner.policies.list({ vault_id: vault.id })).policies).toEqual(policies)
  })
})

describe('D16: rotating the key of a vault', () => {
  test('is for its owner, stands in the trail with who began it, and is nobody’s to call off', async () => {
    await using door = await openDoor()
    const { world } = door
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id: id, path: 'db', value: tagged('hunter2') })
    const at = `/v1/vaults/${id}/rotate-key`
    const bearer = await bearerOf(world, { user: world.ownerId })
    expect((await door.send(at, { method: 'POST', bearer })).status).toBeLessThan(300)
    const { events } = await world.owner.audit.events({ resource_id: id, limit: 1 })
    expect(events[0]).toMatchObject({ actor_type: 'user', actor_id: world.ownerId })
    const { id: admin } = await world.member({ role: 'admin' })
    for (const [who, method, status] of [
      [null, 'DELETE', 405],
      [null, 'POST', 401],
      [admin, 'POST', 403],
      [admin, 'PUT', 405],
    ] as const) {
      const shown = who && (await bearerOf(world, { user: who }))
      expect([method, (await door.send(at, { method, bearer: shown })).status]).toEqual([method, status])
    }
    await world.pawl.runJobs()
    const read = await door.send(`/v1/vaults/${id}/secrets/db`, { bearer })
    expect(read.json.value).toBe(tagged('hunter2'))
  })
})

describe('D4, D15: a key store of another organisation', () => {
  test('is nowhere for admins of this one, whatever they do with it, and is not even called', async () => {
    const theirs = recordingHsm(memoryHsm())
    const orgs: string[] = []
    await using door = await openDoor({ keyStores: { mine: memoryHsm(), theirs: { hsm: theirs, orgs } } })
    const { world } = door
    orgs.push((await world.otherOrg()).org)
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id: id, path: 'db', value: tagged('hunter2') })
    const { id: admin } = await world.member({ role: 'admin' })
    for (const [who, move] of [
      [world.ownerId, 400],
      [admin, 403],
    ] as const) {
      const bearer = await bearerOf(world, { user: who })
      const post = (path: string, body: object) =>
        door.send(path, { method: 'POST', bearer, body: JSON.stringify(body) })
      for (const [path, body, status] of [
        [`/v1/vaults/${id}/key-store`, {}, move],
        [`/v1/vaults/${id}/mpc`, { mpc_custody: '2-of-3', providers: ['server', 'mine'] }, move === 400 ? 501 : 403],
        ['/v1/vaults', { name: 'x' }, 400],
      ] as const) {
        const asked = (name: string) => {
          const providers = 'providers' in body ? { providers: [...body.providers, name] } : { key_store: name }
          return post(path, { ...body, ...providers })
        }
        const [foreign, nowhere] = [await asked('theirs'), await asked('nowhere')]
        expect([path, foreign.status, foreign.json]).toEqual([path, status, nowhere.json])
        expect(foreign.json.detail).not.toContain('theirs')
      }
      const listed = await door.send('/v1/key-stores', { bearer })
      expect(listed.json.key_stores.map(({ name }: { name: string }) => name)).toEqual(['server', 'mine'])
    }
    expect(theirs.calls).toEqual([])
  })
})

describe('D17: what is for callers inside this process', () => {
  test('has no route, whatever it is called by', async () => {
    await using door = await openDoor()
    const bearer = await bearerOf(door.world, { user: door.world.ownerId })
    const routed = new Set(cases.map(({ operation }) => operation.name))
    const inner = operationsOf(registry).filter(({ name }) => !routed.has(name))
    for (const { name } of [...inner, { name: 'firstOwner' }, { name: 'addOrg' }]) {
      const words = name.replace('.', '/')
      for (const path of [`/${name}`, `/v1/${name}`, `/v1/${words}`, `/v1/${words.toLowerCase()}`, `/rpc/${name}`]) {
        for (const method of ['GET', 'POST', 'PUT']) {
          expect([path, (await door.send(path, { method, bearer })).status]).toEqual([path, 404])
        }
      }
    }
  })

  test('is not reached by saying who is trusted: not in a body, a query or a header', async () => {
    await using door = await openDoor()
    const { ownerId } = door.world
    const trusted = { user: ownerId }
    const said = {
      trusted,
      origin: { trusted },
      caller: { kind: 'user', id: ownerId },
      user: ownerId,
      user_id: ownerId,
    }
    const headers = {
      trusted: JSON.stringify(trusted),
      'x-trusted': ownerId,
      'x-user-id': ownerId,
      'x-forwarded-user': ownerId,
      'x-http-method-override': 'GET',
      cookie: `user=${ownerId}; session=${ownerId}`,
    }
    for (const [method, path] of [
      ['POST', '/v1/vaults'],
      ['POST', '/v1/auth/api-keys'],
      ['GET', `/v1/auth/me?trusted=${encodeURIComponent(JSON.stringify(trusted))}&user=${ownerId}`],
    ] as const) {
      const body = method === 'POST' ? JSON.stringify({ name: 'mine', ...said }) : undefined
      const answer = await door.send(path, { method, headers, ...(body ? { body } : {}) })
      expect([path, answer.status]).toEqual([path, 401])
    }
    for (const authorization of [`Basic ${btoa(`${ownerId}:`)}`, `Bearer ${JSON.stringify(trusted)}`, ownerId]) {
      expect((await door.send('/v1/auth/me', { headers: { authorization } })).status).toBe(401)
    }
  })
})

const everything = ['read', 'write', 'delete', 'rotate'] as const

/** Credentials of people who are no longer there, and of nobody. */
async function goneBearers(world: World): Promise<Record<string, string | null>> {
  const removed = await world.member({ role: 'admin' })
  const removedToken = await bearerOf(world, { user: removed.id })
  const removedKey = (await removed.as.auth.createApiKey({ name: 'laptop' })).api_key.reveal()
  await world.owner.orgs.removeMember({ user_id: removed.id })
  const disabled = await world.agent({ name: 'disabled' })
  const disabledToken = await bearerOf(world, { agent: disabled.id })
  await world.owner.agents.update({ agent_id: disabled.id, is_active: false })
  const deleted = await world.agent({ name: 'deleted' })
  await world.owner.agents.delete({ agent_id: deleted.id })
  const ended = await bearerOf(world, { user: world.ownerId })
  await world.pawl.as(ended ?? '').auth.revoke()
  return {
    nobody: null,
    'a made-up token': 'aa.bb.cc',
    'a removed admin, by token': removedToken,
    'a removed admin, by key': removedKey,
    'a disabled agent, by token': disabledToken,
    'a disabled agent, by key': disabled.key,
    'a deleted agent, by key': deleted.key,
    'an owner who signed out': ended,
  }
}

async function strangersOf(world: World): Promise<Record<Role, Who>> {
  return {
    owner: { user: (await world.member({ role: 'owner' })).id },
    admin: { user: (await world.member({ role: 'admin' })).id },
    member: { user: (await world.member()).id },
    agent: { agent: (await world.agent({ name: 'stranger' })).id },
    tenant: { user: (await world.otherOrg()).ownerId },
  }
}

/**
 * The registry of chains and the desk of the operator are those of the installation, so they show more than one organisation. A request of an agent that came with a
 * link belongs to whoever has the link, until it is decided.
 */
function isOfInstallation({ operation: { name } }: Case): boolean {
  return name.startsWith('chains.') || ['enrolments.show', 'enrolments.approve', 'enrolments.deny'].includes(name)
}

/** What guards an operation. */
function rowOf({ operation: { access, http, errors, confirms } }: Case): string {
  if (access === 'public') return 'of whoever asks'
  if ('resource' in access) return `${access.resource({}).type}.${access.permission}`
  const isOfOne = /\{\w*id\}/.test(http?.path ?? '')
  if (access.operator) return 'operator'
  if (access.admin) return isOfOne ? 'admin, of one' : 'admin'
  if (!isOfOne) return 'of whoever asks'
  // The proof of who calls comes first, so that nothing tells what exists.
  if (confirms) return 'of one, after a proof'
  return errors.some(({ code }) => code === 'denied') ? 'of one, known at home' : 'of one'
}

function expectedOf(one: Case, role: Role) {
  const { access } = one.operation
  const kind = role === 'agent' ? 'agent' : 'user'
  if (access !== 'public' && access.signedIn && !access.signedIn.includes(kind)) return 403
  const row = rows[rowOf(one)]
  if (!row) throw new Error(`${one.operation.name} is guarded by ${rowOf(one)}, which has no row`)
  return row[role]
}

/** A refusal says which rule it was, and nothing of what the rule protects. */
function checkSilent({ text, json }: Received): void {
  for (const name of Object.keys(json)) expect(['type', 'title', 'status', 'detail', 'code']).toContain(name)
  expect(text).not.toMatch(/hunter|db\/password|@|[0-9a-f]{8}-[0-9a-f]{4}/)
}

/** The same request for what is nowhere. */
function elsewhere<T>(input: T): T {
  const text = JSON.stringify(input).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, crypto.randomUUID())
  return JSON.parse(text)
}

/** The call of whoever may. */
async function rightful({ world, send }: Door, one: Case, who: Who, input: object): Promise<unknown> {
  const [route] = one.routes
  if (!route) throw new Error('an operation without a route')
  const { path, sent } = requestOf(route, { ...input })
  const answer = await send(path, { ...sent, bearer: await bearerOf(world, who) })
  const createdIf = one.operation.http?.createdIf
  const isCreated = createdIf !== undefined && answer.json[createdIf] === true
  expect(answer.status, answer.text).toBe(isCreated ? 201 : route.status)
  return answer.text === '' ? null : answer.json
}

/** The ids in the answer to whoever may, in a world like the one under attack: the same seed gives the same ids. */
async function idsServed(one: Case): Promise<string[]> {
  await using door = await openDoor()
  const { who, input } = await one.example(door.world)
  return textsIn(await rightful(door, one, who, input)).filter((text) => /^[0-9a-f-]{36}$/.test(text))
}

/** How many records there are, but for the trail, in which every attempt leaves something. */
function kindsIn(world: World): Record<string, number> {
  const { auditBlock, auditLane, ...others } = world.storedKinds()
  return others
}

/** Every permission that a policy can grant. */
function permissions(): string[] {
  const create = cases.find(({ operation }) => operation.name === 'policies.create')
  const items: JsonSchema | undefined = create && fieldsOf(create).permissions?.items
  return (items?.enum as string[] | undefined) ?? []
}

/** `write` brings `delete` and `rotate` with it. */
function brings(permission: string, needed: string): boolean {
  return permission === needed || (permission === 'write' && ['delete', 'rotate'].includes(needed))
}
