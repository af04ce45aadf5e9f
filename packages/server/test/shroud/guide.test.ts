import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import Anthropic from '@anthropic-ai/sdk'
import { tagged } from '@pawl/testkit/canary'
import { startFakeModel } from '@pawl/testkit/fakes'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { hasCurl } from '../../../../tools/real-parts/curl.ts'
import { pathWithPawl } from '../../../../tools/real-parts/pawl.ts'
import { modelPrices } from '../../src/host/model-settings.ts'
import { shroudListener } from '../../src/shroud/index.ts'
import { served } from '../pages.ts'

// Goal: an operator gets through docs/shroud.md. Method: its commands are typed and its programs run, in the order of the guide,
// against a model on this machine.

const guide = readFileSync(new URL('../../../../docs/shroud.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block)

/** A program of the guide, without its import: it makes a client from the environment. */
function clientOf<T>(program: string, SDK: unknown, name: string, env: Record<string, string>): T {
  const body = `${program.replace(/^import .*$/m, '')}\nreturn ${name}`
  return new Function('OpenAI', 'Anthropic', 'process', body)(SDK, SDK, { env }) as T
}

test.skipIf(!hasCurl)('from a provider to a request, a router key and the record', { timeout: 120_000 }, async () => {
  await using model = await startFakeModel({ reply: () => 'Hello there.' })
  const modelProviders = { openai: `${model.url}/v1`, anthropic: model.url }
  await served(
    async (world, url) => {
      const server = createServer(shroudListener(world.pawl))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const SHROUD_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const folder = mkdtempSync(join(tmpdir(), 'pawl-shroud-'))
      const { api_key: ownKey } = await world.owner.auth.createApiKey({ name: 'guide' })
      const env = {
        PATH: pathWithPawl(),
        HOME: folder,
        PAWL_CONFIG_DIR: folder,
        PAWL_URL: url,
        PAWL_API_KEY: ownKey.reveal(),
      }
      const type = async (script: string, more: Record<string, string> = {}) => {
        const child = spawn('bash', ['-ec', `exec 2>&1\n${script}`], {
          env: { ...env, ...more },
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const ended = new Promise<number | null>((done) => child.once('close', done))
        const printed = await text(child.stdout)
        expect([await ended, printed], script).toEqual([0, expect.anything()])
        return printed
      }
      const [store = '', create = '', settings = '', curl = '', router = '', watch = ''] = blocks('sh')
      try {
        const providerKey = tagged('sk-openai')
        await type(store, { OPENAI_API_KEY: providerKey })
        const [made = '', grant = ''] = create.split('\n')
        const { agent, api_key: key } = JSON.parse(await type(`${made} --json`))
        await type(grant)
        await type(settings)
        const agentEnv = { SHROUD_URL, PAWL_AGENT_ID: agent.id, PAWL_AGENT_API_KEY: key }
        expect(await type(curl, agentEnv)).toContain('Hello there.')
        expect(model.heard.at(-1)?.headers.authorization).toBe(`Bearer ${providerKey}`)

        const [forOpenai = '', forAnthropic = ''] = blocks('ts')
        const messages = [{ role: 'user' as const, content: 'Hello?' }]
        const openai = clientOf<OpenAI>(forOpenai, OpenAI, 'openai', agentEnv)
        const answer = await openai.chat.completions.create({ model: 'small', messages })
        expect(answer.choices[0]?.message.content).toBe('Hello there.')
        await world.owner.secrets.put({
          vault_id: (await world.owner.vaults.list({})).vaults.find(({ name }) => name === 'models')?.id ?? '',
          path: 'providers/anthropic/api-key',
          value: tagged('sk-anthropic'),
        })
        const anthropic = clientOf<Anthropic>(forAnthropic, Anthropic, 'anthropic', agentEnv)
        const said = await anthropic.messages.create({ model: 'small', max_tokens: 50, messages })
        expect(said.content).toMatchObject([{ text: 'Hello there.' }])

        const { key: routerKey } = JSON.parse(await type(`${router.trim()} --json`))
        const viaKey = new OpenAI({ baseURL: `${SHROUD_URL}/v1`, apiKey: routerKey })
        expect((await viaKey.chat.completions.create({ model: 'small', messages })).choices).toHaveLength(1)

        const watched = await type(watch)
        expect(watched).toContain('openai')
        expect(watched).toContain('anthropic')
      } finally {
        rmSync(folder, { recursive: true })
        server.closeAllConnections()
        server.close()
      }
    },
    { modelProviders },
  )
})

test('the prices of the guide can be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-prices-'))
  const file = join(folder, 'prices.json')
  writeFileSync(file, blocks('json')[0] ?? '')
  expect(modelPrices(file)).toMatchObject({ small: { input: 0.25, output: 2 } })
  rmSync(folder, { recursive: true })
})
