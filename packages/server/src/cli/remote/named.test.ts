import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tagged } from '@pawl/testkit/canary'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { namesFor } from './named.ts'

const asked: string[] = []
const server = createServer(({ url = '' }, response) => {
  asked.push(url.replace(/\?.*/, ''))
  response.setHeader('content-type', 'application/json')
  response.end('{"agents":[],"members":[],"vaults":[]}')
})
beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)))
afterAll(() => new Promise<void>((done) => void server.close(() => done())))
beforeEach(() => void asked.splice(0))

describe('the names beside the ids of an answer', () => {
  const namesAs = (bearer: string, item: Record<string, string>, input = {}) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return namesFor(item, {}, input, { url, bearer })
  }
  const agentKey = `ocv_${tagged('agent')}`
  const userKey = `1ck_${tagged('user')}`

  it('are not looked up for an agent that asks about itself', async () => {
    await namesAs(agentKey, { agent_id: 'a' }, { agent_id: 'me' })
    expect(asked).toEqual([])
  })

  const tokenOf = (sub: string) => {
    const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
    return `${part({ alg: 'EdDSA' })}.${part({ sub })}.${tagged('signature')}`
  }

  it.each([
    ['key', agentKey],
    ['token', tokenOf('agent:a')],
  ])('are those of agents for the %s of an agent, which may list no members', async (_, bearer) => {
    await namesAs(bearer, { recipient_id: 'a', user_id: 'u' })
    expect(asked).toEqual(['/v1/agents'])
  })

  it.each([
    ['key', userKey],
    ['token', tokenOf('user:u')],
    ['token in another form', `a.${tagged('b')}.c`],
  ])(
    'are those of agents and members for the %s of a user, and only those that the answer can have',
    async (_, bearer) => {
      await namesAs(bearer, { recipient_id: 'a' })
      expect(asked.toSorted()).toEqual(['/v1/agents', '/v1/org/members'])
      asked.splice(0)
      await namesAs(bearer, { agent_id: 'a' })
      expect(asked).toEqual(['/v1/agents'])
    },
  )
})
