import type { Egress, EgressRequest } from '@pawl/core/ports'
import { memoryMailer, noEgress } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { testEgress } from '../conformance/egress.ts'
import { testMailer } from '../conformance/small-ports.ts'
import { failingEgress, failingMailer, recordingEgress, recordingMailer, slowEgress, slowMailer } from './outside.ts'

const tick = () => Promise.resolve()
const message = { id: '1', to: 'ann@example.com', subject: 'Hello', text: 'the text' }

for (const [name, wrap] of Object.entries({
  slow: (mailer: ReturnType<typeof memoryMailer>) => slowMailer(mailer, tick),
  failing: (mailer: ReturnType<typeof memoryMailer>) => failingMailer(mailer, { at: 0 }),
  recording: recordingMailer<ReturnType<typeof memoryMailer>>,
})) {
  const open = () => {
    const mailer = wrap(memoryMailer())
    return { mailer, delivered: async () => mailer.sent }
  }
  testMailer(`a ${name} reference`, open, { describe, it })
}

for (const [name, wrap] of Object.entries({
  slow: (egress: Egress) => slowEgress(egress, tick),
  failing: (egress: Egress) => failingEgress(egress, { at: 0 }),
  recording: recordingEgress<Egress>,
})) {
  testEgress(`a ${name} reference`, () => ({ egress: wrap(noEgress) }), { describe, it })
}

describe('a slow mailer', () => {
  it('keeps back the answer of what was delivered, when it is told to', async () => {
    const inner = memoryMailer()
    const events: string[] = []
    let wake = () => {}
    let fallAsleep = () => {}
    const asleep = new Promise<void>((resolve) => {
      fallAsleep = resolve
    })
    const sleep = () => {
      fallAsleep()
      return new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    const sending = slowMailer(inner, sleep, { after: true }).send(message)
    sending.then(() => events.push('answered'))
    await asleep
    expect(inner.sent).toEqual([message])
    events.push('woken')
    wake()
    await sending
    expect(events).toEqual(['woken', 'answered'])
  })
})

describe('a failing mailer', () => {
  it('loses the message, or the answer', async () => {
    const inner = memoryMailer()
    await expect(failingMailer(inner, { at: 1 }).send(message)).rejects.toThrow('on purpose')
    expect(inner.sent).toEqual([])
    await expect(failingMailer(inner, { at: 1, after: true }).send(message)).rejects.toThrow('on purpose')
    expect(inner.sent).toEqual([message])
  })
})

describe('a recording mailer', () => {
  it('tells neither the text nor the address', async () => {
    const mailer = recordingMailer(memoryMailer())
    await mailer.send(message)
    expect(mailer.calls).toEqual([{ method: 'send', id: '1', subject: 'Hello' }])
  })
})

describe('the egress wrappers', () => {
  const answer = { status: 204, headers: {}, body: new Uint8Array() }
  const open: Egress = { fetch: async () => answer }
  const request: EgressRequest = {
    purpose: 'webhook',
    method: 'POST',
    url: 'https://hooks.example.com/in?token=canary',
    headers: { authorization: 'canary' },
    body: Uint8Array.of(1, 2),
    timeoutMs: 1,
    responseBytesMax: 1,
  }

  it('fail the requests of one purpose and no others', async () => {
    const egress = failingEgress(open, { every: 1, only: ({ purpose }) => purpose === 'webhook' })
    expect(await egress.fetch({ ...request, purpose: 'oidc' })).toBe(answer)
    await expect(egress.fetch(request)).rejects.toThrow('on purpose')
  })

  it('record where a request went, and neither its credentials nor its body', async () => {
    const egress = recordingEgress(open)
    await egress.fetch(request)
    expect(egress.calls).toEqual([{ method: 'fetch', purpose: 'webhook', host: 'hooks.example.com', bytes: 2 }])
  })
})
