import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guideShell } from './guide-shell.ts'
import { password, send, served, signedIn } from './pages.ts'

// Goal: what docs/sign-in-with-pawl.md says can be pasted. Method: its app runs as a program, and a person signs in to it.

const guide = readFileSync(new URL('../../../docs/sign-in-with-pawl.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, lines = '']) => lines)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function stopped(child: ChildProcess): Promise<void> {
  child.kill()
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

test('a person signs in to the app of the guide, and takes it back', { timeout: 120_000 }, () =>
  served(async (world, url) => {
    const port = await freePort()
    const app = `http://localhost:${port}`
    const { folder, type, forget } = guideShell(url, { APP_URL: app })
    const [register = '', manage = ''] = blocks('sh')
    const { api_key } = await world.owner.auth.createApiKey({ name: 'admin' })
    await type(register, { PAWL_API_KEY: api_key.reveal() })
    const file = join(folder, 'app.mjs')
    writeFileSync(file, blocks('js')[0] ?? '')
    const env = { PAWL_URL: url, APP_URL: app, PORT: String(port) }
    const child = spawn(process.execPath, [file], { env, stdio: 'inherit' })
    try {
      const visit = (place: string, cookie = '') => fetch(place, { redirect: 'manual', headers: { cookie } })
      const begins = () => visit(app).catch(() => null)
      let first = await begins()
      while (first === null && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        first = await begins()
      }
      const session = /^[^;]+/.exec(first?.headers.get('set-cookie') ?? '')?.[0] ?? ''
      const { id, cookie } = await signedIn(world, url, 'ada@example.com')
      const allowed = await send(first?.headers.get('location') ?? '', { decision: 'yes' }, { cookie })
      const callback = allowed.headers.get('location') ?? ''
      const stranger = await visit(callback, 'session=other')
      expect(stranger.status).toBe(400)
      expect(await (await visit(callback, session)).text()).toBe(`Hello ada@example.com. Your number is ${id}.`)
      expect((await visit(callback, session)).status).toBe(400)

      await world.pawl
        .as({ user: id })
        .auth.createApiKey({ name: 'laptop', current_password: password })
        .then(async ({ api_key: own }) => {
          const printed = await type(manage, { PAWL_API_KEY: own.reveal() })
          expect(printed).toContain('my-defi')
        })
      expect((await world.pawl.as({ user: id }).oauth.consents()).consents).toEqual([])
    } finally {
      await stopped(child)
      forget()
    }
  }),
)
