import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testClassifier, testContentDetector } from '@pawl/testkit/conformance'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { badges } from './badges.ts'
import { tone } from './tone.ts'

testContentDetector(
  'badges',
  () => ({ detector: badges(), hostile: ['BADGE-123456', 'It is BADGE-000001.'], harmless: ['BADGE-12', 'a badge'] }),
  { describe, it },
)

/** A service that finds one word rude, or answers what it is told to. */
async function service(answer?: object) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const { texts } = JSON.parse(body) as { texts: string[] }
    const scores = texts.map((text) => (text.includes('fool') ? 0.9 : 0.1))
    response.end(JSON.stringify(answer ?? { scores }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { classifier: tone({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }), close }
}

testClassifier('tone', async () => ({ ...(await service()), hostile: 'You fool.', harmless: 'Hello.' }), {
  describe,
  it,
})

describe('the plug-ins in a vault', () => {
  it('find what they know in a text that an agent wants to send', async () => {
    const { classifier, close } = await service()
    await using world = await testPawl({ shroud: { detectors: [badges()], classifiers: [{ classifier }] } })
    const agent = await world.agent({})
    const { threats, redacted_content } = await agent.as.shroud.inspectContent({
      content: 'You fool with BADGE-123456.',
    })
    expect(threats.map(({ type }) => type).sort()).toEqual(['plugin:badges', 'plugin:tone'])
    expect(redacted_content).toBe('You fool with [REMOVED:badge_number].')
    await close()
  })

  it('refuse when the service leaves a text out', async () => {
    const { classifier, close } = await service({ scores: [] })
    await using world = await testPawl({ shroud: { classifiers: [{ classifier }] } })
    const agent = await world.agent({})
    const { threats } = await agent.as.shroud.inspectContent({ content: 'Hello.' })
    expect(threats).toMatchObject([{ type: 'plugin:tone', pattern: 'classifier_failed', severity: 'critical' }])
    await close()
  })
})
