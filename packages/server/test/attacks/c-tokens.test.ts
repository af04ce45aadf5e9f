import { tagged } from '@pawl/testkit/canary'
import { describe, expect, test } from 'vitest'
import { bearerOf, type Case, cases, type Door, named, openDoor, requestOf, textsIn } from './door.ts'

// Goal: what was taken back is worth nothing at once, and an attempt that failed has given nothing. Method: the tokens and
// keys of before, shown again through the door.

const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) })
const ada = { email: 'ada@example.com', password: tagged('Correct-Horse-7') }

async function withAda(door: Door): Promise<string> {
  const { id } = await door.world.owner.orgs.addMember({ ...ada, role: 'admin' })
  return id
}

async function status(door: Door, bearer: string): Promise<number> {
  return (await door.send('/v1/auth/me', { bearer })).status
}

describe('C3: a new password', () => {
  test('ends every token of the old one, and every token made from those', async () => {
    await using door = await openDoor()
    await withAda(door)
    const signIn = async (password: string) => door.send('/v1/auth/token', post({ ...ada, password }))
    const first = (await signIn(ada.password)).json.access_token
    const other = (await signIn(ada.password)).json.access_token
    const refreshed = (await door.send('/v1/auth/refresh', { method: 'POST', bearer: other })).json.access_token
    const change = { current_password: ada.password, new_password: tagged('Battery-Staple-8') }
    const changed = await door.send('/v1/auth/change-password', { ...post(change), bearer: first })
    expect(changed.status).toBe(204)
    for (const bearer of [first, other, refreshed]) {
      expect(await status(door, bearer)).toBe(401)
      const again = await door.send('/v1/auth/refresh', { method: 'POST', bearer })
      expect([again.status, again.text.includes('access_token')]).toEqual([401, false])
    }
    expect((await signIn(ada.password)).status).toBe(401)
    const now = await signIn(tagged('Battery-Staple-8'))
    expect(await status(door, now.json.access_token)).toBe(200)
  })
})

describe('C7: an attempt to sign in that fails', () => {
  const key = (of: 'ocv' | '1ck') => `${of}_${'A'.repeat(43)}`
  const attempts: [string, string, (world: Door['world']) => Promise<unknown>][] = [
    ['with a wrong password', '/v1/auth/token', async () => ({ ...ada, password: 'no' })],
    ['as nobody', '/v1/auth/token', async () => ({ email: 'nobody@example.com', password: ada.password })],
    ['with a made-up key', '/v1/auth/agent-token', async () => ({ api_key: key('ocv') })],
    ['with a made-up personal key', '/v1/auth/api-key-token', async () => ({ api_key: key('1ck') })],
    [
      'with the key of another agent',
      '/v1/auth/agent-token',
      async (world) => ({ api_key: (await world.agent()).key, agent_id: (await world.agent()).id }),
    ],
    [
      'with the key of an agent that is switched off',
      '/v1/auth/agent-token',
      async (world) => {
        const agent = await world.agent()
        await world.owner.agents.update({ agent_id: agent.id, is_active: false })
        return { api_key: agent.key }
      },
    ],
    [
      'with the key of an agent that has expired',
      '/v1/auth/agent-token',
      async (world) => {
        const agent = await world.agent({ expires_at: '2026-01-01T01:00:00Z' })
        world.clock.advance(3_600_000)
        return { api_key: agent.key }
      },
    ],
    [
      'with a personal key of a member who was removed',
      '/v1/auth/api-key-token',
      async (world) => {
        const { id, as } = await world.member()
        const { api_key } = await as.auth.createApiKey({ name: 'laptop' })
        await world.owner.orgs.removeMember({ user_id: id })
        return { api_key: api_key.reveal() }
      },
    ],
  ]

  test.each(attempts)(
    '%s is an error and nothing else: no token in it, and none that was made',
    async (_, path, make) => {
      await using door = await openDoor()
      await withAda(door)
      const body = await make(door.world)
      // The first token of all makes the key that signs it.
      await bearerOf(door.world, { user: door.world.ownerId })
      const { passwordFailures: before, auditBlock, auditLane, ...kinds } = door.world.storedKinds()
      const answer = await door.send(path, post(body))
      expect(answer.status).toBe(401)
      expect(Object.keys(answer.json).sort()).toEqual(['code', 'detail', 'status', 'title', 'type'])
      expect(answer.text).not.toMatch(/token|ey[A-Z]/)
      const { passwordFailures, auditBlock: block, auditLane: lane, ...after } = door.world.storedKinds()
      expect(after).toEqual(kinds)
    },
  )
})

const revealing = cases.filter(({ operation }) => operation.reveals)

describe.each(named(revealing))('C10: %s', (_, one: Case) => {
  test('gives a secret to keep for nobody, on every route, and shows none to HEAD', async () => {
    for (const route of one.routes) {
      await using door = await openDoor()
      const { who, input } = await one.example(door.world)
      const { path, sent } = requestOf(route, input)
      const bearer = await bearerOf(door.world, who)
      if (route.method === 'GET') {
        const head = await door.send(path, { method: 'HEAD', bearer })
        expect([head.status, head.text]).toEqual([405, ''])
      }
      const answer = await door.send(path, { ...sent, bearer })
      const { createdIf = '' } = route.http
      const status = answer.json[createdIf] === true ? 201 : route.status
      expect([answer.status, answer.headers['cache-control']]).toEqual([status, 'no-store'])
      // The tag of a secret is of its version, and nothing of the value (N8).
      if (answer.headers.etag !== undefined) expect(answer.headers.etag).toMatch(/^"[\w-]{43}"$/)
      expect(answer.headers).not.toHaveProperty('last-modified')
      expect(textsIn(answer.json)).not.toContain('[secret]')
    }
  })
})
