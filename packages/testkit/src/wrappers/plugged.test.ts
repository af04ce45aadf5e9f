import { ChainUnavailable, ModelUnavailable } from '@pawl/core/ports'
import { memoryAuditSink, memoryChain, policyRule, scriptedModel } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { testAuditSink } from '../conformance/audit-sink.ts'
import { testModel } from '../conformance/model.ts'
import {
  failingAuditSink,
  failingChain,
  failingModel,
  failingPolicyEngine,
  recordingChain,
  slowAuditSink,
  slowChain,
  slowModel,
  slowPolicyEngine,
} from './plugged.ts'

const tick = () => Promise.resolve()
const event = {
  id: 'e1',
  org_id: 'o1',
  lane: 'main',
  sequence: 0,
  hash: '',
  action: 'secret.read',
  actor_type: 'agent',
  actor_id: 'a1',
  resource_type: 'secret',
  resource_id: '',
  details: {},
  created_at: '2026-01-01T00:00:00.000Z',
}

for (const [name, wrap] of Object.entries({
  slow: (sink: ReturnType<typeof memoryAuditSink>) => slowAuditSink(sink, tick),
  failing: (sink: ReturnType<typeof memoryAuditSink>) => failingAuditSink(sink, { at: 0 }),
})) {
  const open = () => {
    const sink = wrap(memoryAuditSink())
    return { sink, delivered: async () => sink.events }
  }
  testAuditSink(`a ${name} reference`, open, { describe, it })
}
testModel('a slow reference', (reply) => ({ model: slowModel(scriptedModel(reply), tick), name: 'scripted' }), {
  describe,
  it,
})

describe('the wrappers of what is plugged in', () => {
  it('delay a decision, or fail it', async () => {
    const rules = policyRule(() => ({ allowed: true }))
    const waited: string[] = []
    const slow = slowPolicyEngine(rules, async () => void waited.push('once'))
    expect(await slow.evaluate([])).toEqual([])
    expect(waited).toEqual(['once'])
    await expect(failingPolicyEngine(rules, { at: 1 }).evaluate([])).rejects.toThrow('on purpose')
  })

  it('lose a delivery, or what was said about it', async () => {
    const inner = memoryAuditSink()
    await expect(failingAuditSink(inner, { at: 1 }).deliver([event])).rejects.toThrow('on purpose')
    expect(inner.events).toEqual([])
    await expect(failingAuditSink(inner, { at: 1, after: true }).deliver([event])).rejects.toThrow('on purpose')
    expect(inner.events).toEqual([event])
  })

  it('lose the answer of a broadcast that went out, which can be sent again', async () => {
    const inner = memoryChain()
    const signed = await inner.wallet('ann', 10n ** 18n).transfer({ to: inner.wallet('bob').address, value: 1n })
    const chain = failingChain(inner, { at: 1, after: true, only: ({ method }) => method === 'broadcast' })
    await expect(chain.broadcast(signed)).rejects.toThrow(ChainUnavailable)
    await chain.broadcast(signed)
    expect(inner.sent).toHaveLength(1)
  })

  it('keep what a chain is and list what was asked of it, without signed bytes', async () => {
    const slow = slowChain(memoryChain(), tick)
    const chain = recordingChain(slow)
    expect(chain.facts).toEqual(memoryChain().facts)
    const ann = chain.wallet('ann', 10n ** 18n)
    await chain.broadcast(await ann.transfer({ to: ann.address, value: 0n }))
    await chain.balance(ann.address)
    expect(chain.calls).toEqual([
      { method: 'broadcast', bytes: expect.any(Number) },
      { method: 'balance', address: ann.address },
    ])
  })

  it('break off an answer in the middle', async () => {
    const model = failingModel(scriptedModel(['One two three']), { at: 3 })
    const heard: string[] = []
    const listen = async () => {
      for await (const part of model.complete({ model: 'scripted', messages: [] })) heard.push(part.type)
    }
    await expect(listen()).rejects.toThrow(ModelUnavailable)
    expect(heard).toEqual(['text', 'text'])
  })
})
