import { registry } from '@pawl/core'
import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { nodeTransport } from '../../test/transports.ts'
import { contractRoutes } from './contract-routes.ts'
import { routesOf, shapeOf } from './routes.ts'

test('S14: a route of the public contract that does not exist answers 501 with its name, and never 404', async () => {
  const here = new Set(routesOf(registry).map(({ shape }) => shape))
  const isMissing = (route: string) => {
    const [method = '', path = ''] = route.split(' ')
    return !here.has(shapeOf(method, path))
  }
  const missing = contractRoutes.filter(isMissing)
  expect(missing.length).toBeLessThan(contractRoutes.length)
  await using world = await testPawl()
  const client = await nodeTransport.open(world.pawl)
  try {
    for (const route of missing) {
      const [method = '', path = ''] = route.split(' ')
      const { status, json } = await client.send(path.replace(/\{[^}]+\}/g, 'x'), { method })
      expect([status, json.code, json.detail], route).toEqual([
        501,
        'not_supported',
        `This server does not support ${route}.`,
      ])
    }
    expect((await client.send('/v1/nowhere')).status).toBe(404)
  } finally {
    await client.close()
  }
})
