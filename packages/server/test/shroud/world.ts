import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ModelPrices } from '@pawl/core'
import { type FakeModel, type FakeModelOptions, startFakeModel } from '@pawl/testkit/fakes'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { shroudListener } from '../../src/shroud/index.ts'

type Config = Readonly<Record<string, unknown>>

export interface ShroudWorldOptions extends Omit<FakeModelOptions, 'reply'> {
  readonly reply?: FakeModelOptions['reply']
  readonly config?: Config
  readonly prices?: ModelPrices
  readonly pawl?: WorldOptions
}

/**
 * Shroud on a port of its own, in front of a model that says what it is told to, with an agent that may read one vault. The
 * vault has the keys of the providers.
 */
export async function shroudWorld(options: ShroudWorldOptions = {}) {
  const { reply = () => 'Hello there.', config = {}, prices = {}, pawl = {}, ...model } = options
  const fake = await startFakeModel({ reply, ...model })
  const providers = Object.fromEntries(
    ['openai', 'anthropic', 'google', 'local'].map((name) => [
      name,
      name === 'google' ? `${fake.url}/v1beta` : fake.url,
    ]),
  )
  const world = await testPawl({ modelProviders: providers, modelPrices: prices, ...pawl })
  const vault = await world.owner.vaults.create({ name: 'prod' })
  const put = (path: string, value: string) => world.owner.secrets.put({ vault_id: vault.id, path, value })
  for (const name of ['openai', 'anthropic', 'google', 'local'])
    await put(`providers/${name}/api-key`, `key-of-${name}`)
  const agent = await world.agent({
    name: 'writer',
    vault: vault.id,
    shroud_enabled: true,
    shroud_config: config as never,
  })
  const server = createServer(shroudListener(world.pawl))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const headers = { 'x-shroud-agent-key': `${agent.id}:${agent.key}`, 'x-shroud-provider': 'openai' }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await fake.close()
    await world.close()
  }
  return {
    ...{ ...world, fake, vault, put, agent, url, headers, close },
    post: (path: string, body: unknown, more: Readonly<Record<string, string>> = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers, ...more },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: close,
  }
}

export type ShroudWorld = Awaited<ReturnType<typeof shroudWorld>>

export const chat = (content: unknown, more: object = {}) => ({
  model: 'fake',
  messages: [{ role: 'user', content }],
  ...more,
})

export const message = (content: unknown, more: object = {}) => ({ max_tokens: 100, ...chat(content, more) })

/** The data of each event. */
export async function eventsOf(response: Response): Promise<{ readonly [field: string]: unknown }[]> {
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '))
  return lines.filter((line) => line !== 'data: [DONE]').map((line) => JSON.parse(line.slice(6)))
}

/** What the model was asked last, as it arrived. */
export function lastHeard({ heard }: FakeModel) {
  const last = heard.at(-1)
  if (!last) throw new Error('nothing has reached the model')
  return { ...last, json: JSON.parse(last.body) }
}
