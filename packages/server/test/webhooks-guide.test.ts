import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@pawl/core/ports/reference'
import { expect, test } from 'vitest'
import { programFrom } from '../../../tools/real-parts/pawl.ts'
import { eventually } from '../../../tools/test-run/eventually.ts'
import { guideShell } from './guide-shell.ts'
import { served } from './pages.ts'

// Goal: what docs/webhooks.md says can be pasted. Method: its commands are typed, and its receiver runs as a program.

const guide = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, lines = '']) => lines)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Starts the receiver of the guide, and answers when it listens. What it prints is in `said`. */
async function receiver(port: number, secret: string) {
  const file = programFrom(blocks('js')[0] ?? '')
  const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret }
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  child.stdout.on('data', (chunk) => said.push(`${chunk}`))
  const listens = () =>
    fetch(`http://127.0.0.1:${port}`, { method: 'POST' }).then(
      ({ status }) => status === 400,
      () => false,
    )
  while (child.exitCode === null && !(await listens())) await new Promise((resolve) => setTimeout(resolve, 50))
  const stop = async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  return { said, stop }
}

test('a service is subscribed, receives, is tested, and gets an event again', { timeout: 120_000 }, () =>
  served(
    async (world, url) => {
      const port = await freePort()
      const { api_key } = await world.owner.auth.createApiKey({ name: 'admin' })
      const { type, forget } = guideShell(url, { PAWL_API_KEY: api_key.reveal() })
      const [subscribe = '', look = '', rotate = ''] = blocks('sh')
      const [create = '', events = ''] = subscribe.split('\n')
      const [ping = '', deliveries = '', replay = ''] = look.split('\n')
      const { id, secret } = JSON.parse(await type(create, { RECEIVER_URL: `http://127.0.0.1:${port}/pawl` }))
      expect(await type(events)).toContain('policy.created')
      const { said, stop } = await receiver(port, secret)
      try {
        await world.owner.vaults.create({ name: 'prod' })
        await world.pawl.runJobs()
        await eventually(() => expect(said.join('')).toContain('vault.created {"name":"prod"'))
        expect(await type(ping, { WEBHOOK_ID: id })).toMatch(/http status {2}204/)
        expect(await type(deliveries, { WEBHOOK_ID: id })).toContain('delivered')
        const [delivery] = (await world.owner.webhooks.deliveries({ webhook_id: id })).deliveries
        await type(replay, { WEBHOOK_ID: id, DELIVERY_ID: delivery?.id ?? '' })
        await world.pawl.runJobs()
        const { deliveries: all } = await world.owner.webhooks.deliveries({ webhook_id: id })
        expect(all.map(({ status }) => status)).toEqual(['delivered', 'delivered'])
        expect(said.join('').match(/vault\.created/g)).toHaveLength(1)
        expect(await type(rotate, { WEBHOOK_ID: id })).toContain('whsec_')
      } finally {
        await stop()
        forget()
      }
    },
    { clock: systemClock },
  ),
)
