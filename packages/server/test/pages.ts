import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { nodeListener } from '../src/http/index.ts'
import { pages } from '../src/pages/index.ts'

// Pages as a browser gets them, for tests.

/** A vault whose pages are served on loopback. */
export async function served(
  work: (world: World, url: string) => Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = await testPawl({ publicUrl: url, ...options })
  const listener = nodeListener(world.pawl, { mounts: pages(world.pawl) })
  try {
    await work(world, url)
  } finally {
    await world.close()
    server.closeAllConnections()
    server.close()
  }
}

/** Sends a form as the browser does, from a page of this origin. */
export function send(page: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const { origin } = new URL(page)
  return fetch(page, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })
}

/** The session cookie that an answer sets. */
export const cookieIn = (response: Response) => /^[^;]+/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? ''

export const password = tagged('Correct-Horse-7')

/** A member of the first organisation, and the cookie of their session. */
export async function signedIn({ owner }: World, url: string, email: string): Promise<{ id: string; cookie: string }> {
  const { id } = await owner.orgs.addMember({ email, password })
  return { id, cookie: cookieIn(await send(`${url}/login`, { email, password })) }
}

/** The text of a page for a visitor. */
export async function pageText(page: string, cookie = ''): Promise<string> {
  return (await fetch(page, { headers: { cookie, accept: 'text/html' } })).text()
}
