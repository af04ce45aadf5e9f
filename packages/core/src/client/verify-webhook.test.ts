import { Secret } from '@pawl/core'
import { verifyWebhook } from '@pawl/core/client'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { webhookKey } from '../kernel/webhook-key.ts'

// Goal: a receiver acts on nothing that the vault did not send now. The oracle signs: the library of Standard Webhooks.

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const now = Date.parse('2026-01-01T00:00:00Z')
const body = JSON.stringify({ id: 'evt', type: 'policy.created', data: { name: 'ü' } })

function request({ id = 'evt', at = now, text = body, key = secret } = {}) {
  const signature = new Webhook(key).sign(id, new Date(at), text)
  return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1_000)), 'webhook-signature': signature }
}

describe('verifyWebhook', () => {
  it('returns the event of a request that the library of Standard Webhooks has signed', async () => {
    expect(await verifyWebhook(request(), body, secret, { now })).toMatchObject({ type: 'policy.created' })
    expect(await verifyWebhook(new Headers(request()), Buffer.from(body), Secret.of(secret), { now })).toHaveProperty(
      'id',
    )
  })

  it('finds its headers however they are written', async () => {
    const shouted = Object.fromEntries(Object.entries(request()).map(([name, value]) => [name.toUpperCase(), [value]]))
    expect(await verifyWebhook(shouted, body, secret, { now })).toHaveProperty('id')
  })

  it('takes one signature of several, and one secret of several', async () => {
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
    const { 'webhook-signature': good, ...rest } = request()
    const several = { ...rest, 'webhook-signature': `v1a,abc v1,AAAA ${good}` }
    expect(await verifyWebhook(several, body, [other, secret], { now })).toHaveProperty('id')
  })

  it.each([
    ['another body', request(), `${body} `],
    ['another ID', { ...request(), 'webhook-id': 'other' }, body],
    ['another time', { ...request(), 'webhook-timestamp': String(now / 1_000 - 1) }, body],
    ['another secret', request({ key: `whsec_${Buffer.alloc(32, 9).toString('base64')}` }), body],
    ['no signature', { ...request(), 'webhook-signature': '' }, body],
    ['no header', {}, body],
    [
      'a signature of another version',
      { ...request(), 'webhook-signature': request()['webhook-signature'].replace('v1,', 'v2,') },
      body,
    ],
    ['a time that is no number', { ...request(), 'webhook-timestamp': 'now' }, body],
    ['a time long ago', request({ at: now - 301_000 }), body],
    ['a time to come', request({ at: now + 301_000 }), body],
    ['a body that is no JSON', request({ text: 'hello' }), 'hello'],
  ])('refuses a request with %s', async (_, headers, text) => {
    await expect(verifyWebhook(headers, text, secret, { now })).rejects.toMatchObject({
      ...{ code: 'webhook_not_verified', kind: 'unauthenticated' },
      message: expect.not.stringContaining(secret),
    })
  })

  it('reads every secret in base64 as the library does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(?:whsec_)?[A-Za-z0-9+/]{8,40}={0,2}$/), (text) => {
        const signed = (key: string | Uint8Array) => new Webhook(key).sign('a', new Date(now), 'b')
        let expected: string
        try {
          expected = signed(text)
        } catch {
          return
        }
        const raw = new Webhook(webhookKey(text), { format: 'raw' })
        expect(raw.sign('a', new Date(now), 'b')).toBe(expected)
      }),
    )
  })
})
