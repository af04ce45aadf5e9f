import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../../../tools/test-run/eventually.ts'
import { nodeListener } from '../../src/http/index.ts'

// Goal: an admin sees the requests of agents as they happen, for as long as the server lets them, and takes no more places than
// others have. Method: the stream as a browser reads it, over a socket.

async function liveWorld() {
  const world = await testPawl()
  const server = createServer(nodeListener(world.pawl))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/shroud/activity/news`
  const writer = await world.agent({ name: 'writer', shroud_enabled: true })
  const record = (model: string) =>
    world.owner.shroud.recordActivity({ agent_id: writer.id, action: 'allowed', provider: 'openai', model })
  const admin = await world.member({ role: 'admin' })
  const { api_key } = await admin.as.auth.createApiKey({ name: 'live' })
  const key = `${api_key.reveal()}`
  const watch = async (query = '', headers: Record<string, string> = {}) => {
    const leaving = new AbortController()
    const response = await fetch(url + query, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...headers },
      signal: leaving.signal,
    })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (wanted: string) => {
      while (!text.includes(wanted)) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: '' }
        if (done) throw new Error(`the stream has ended: ${text}`)
        text += value
      }
      return text
    }
    /** The rest of the stream, or so much of it that it has no end. */
    const rest = async () => {
      let read = ''
      while (read.length < 5_000) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: '' }
        if (done) return read
        read += value
      }
      throw new Error(`the stream goes on: ${read}`)
    }
    return { response, until, rest, leave: () => leaving.abort() }
  }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await world.close()
  }
  return { ...world, url, admin, key, record, watch, [Symbol.asyncDispose]: close }
}

describe('the live view', () => {
  it('gets each request as an event, once it happens, and goes on where it was cut', async () => {
    await using world = await liveWorld()
    await world.record('before')
    world.clock.advance(60_000)
    const { response, until, leave } = await world.watch()
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('content-length')).toBeNull()
    const first = await until('\n\n')
    await world.record('first')
    const text = await until('"model":"first"')
    expect(text).not.toContain('before')
    leave()
    await world.record('meanwhile')
    const cursor = /^id: (.+)$/m.exec(first)?.[1] ?? ''
    const again = await world.watch('', { 'last-event-id': cursor })
    expect(await again.until('"model":"meanwhile"')).toContain('"model":"first"')
    again.leave()
  })

  it('shows the requests of one agent, where one is wanted', async () => {
    await using world = await liveWorld()
    const other = await world.agent({ name: 'other' })
    const { until, leave } = await world.watch(`?agent_id=${other.id}`)
    await until('\n\n')
    await world.record('of-the-writer')
    const event = { agent_id: other.id, action: 'allowed', provider: 'openai', model: 'of-the-other' } as const
    await world.owner.shroud.recordActivity(event)
    expect(await until('of-the-other')).not.toContain('of-the-writer')
    leave()
  })

  it('ends with the right to see it', async () => {
    await using world = await liveWorld()
    const { until } = await world.watch()
    await until('\n\n')
    await world.owner.orgs.setRole({ user_id: world.admin.id, role: 'member' })
    await world.record('secret-business')
    const text = await until('event: error')
    expect(text).not.toContain('secret-business')
  })

  it('ends when the server stops, before the engine closes', async () => {
    await using world = await liveWorld()
    const { until, rest } = await world.watch()
    await until('\n\n')
    world.pawl.stopWaiting()
    expect(await rest()).toMatch(/^(: still here\n\n)?$/)
    const later = await world.watch()
    expect(await later.rest()).toMatch(/^id: .+\ndata: .+\n\n(: still here\n\n)?$/)
    expect((await world.owner.shroud.listActivity({})).total).toBe(0)
  })

  it('is for admins alone, and each has a limited number of places', async () => {
    await using world = await liveWorld()
    const member = await world.member()
    const { api_key } = await member.as.auth.createApiKey({ name: 'member' })
    const refused = await world.watch('', { authorization: `Bearer ${api_key.reveal()}` })
    expect(refused.response.status).toBe(403)
    expect((await world.watch('', { authorization: '' })).response.status).toBe(401)
    const open = await Promise.all(Array.from({ length: 11 }, () => world.watch()))
    const ends = Promise.any(open.map(({ until }) => until('too_many_waiting')))
    await expect(ends).resolves.toContain('event: error')
    for (const { leave } of open) leave()
    await eventually(async () => {
      const one = await world.watch()
      await world.record('later')
      await one.until('later')
      one.leave()
    })
  })

  it('is a list for callers that want no events', async () => {
    await using world = await liveWorld()
    const response = await fetch(world.url, { headers: { authorization: `Bearer ${world.key}` } })
    expect(await response.json()).toEqual({ events: [], cursor: expect.any(String) })
  })

  it('leaves one audit event for each watch', async () => {
    await using world = await liveWorld()
    const { until, leave } = await world.watch()
    await until('\n\n')
    await world.record('first')
    await until('"model":"first"')
    leave()
    const { events } = await world.owner.audit.events({})
    expect(events.filter(({ action }) => action === 'shroud.watch')).toHaveLength(1)
  })
})
