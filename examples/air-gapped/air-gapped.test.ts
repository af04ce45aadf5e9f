import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tagged, tagsIn } from '@pawl/testkit/canary'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtCheckout } from '../../packages/server/test/air-gapped/checkout.ts'
import { hasSoftHsm, softHsmModule } from '../../tools/real-parts/softhsm.ts'

// Goal: whoever copies the script has a vault whose keys are in a token. Method: an archive of this checkout is carried
// to a folder, installed there twice, and its server is asked. That nothing of it needs a network, and nothing leaves,
// is for packages/server/test/air-gapped.

const script = fileURLToPath(new URL('install.sh', import.meta.url))
const run = promisify(execFile)
const timeoutMs = 120_000

describe.skipIf(!hasSoftHsm)('Pawl from an archive, with its keys in a token', () => {
  let folder: string
  let sum: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pawl-air-gap-'))
    await builtCheckout(join(folder, 'checkout'))
    const pawl = join(folder, 'checkout/packages/server/bin/pawl.mjs')
    const { stdout } = await run(process.execPath, [pawl, 'bundle', 'pawl.tar.gz'], { cwd: folder })
    sum = stdout.trim().split('\n').at(-1)?.split(' ')[0] ?? ''
  }, timeoutMs)
  // Too much to be searched for secrets: the vault is searched by its test.
  afterAll(() => run('rm', ['-r', folder]), timeoutMs)

  const install = async (wanted: string) => {
    const env = { PATH: process.env.PATH, PKCS11_MODULE: softHsmModule }
    const { stdout } = await run(script, ['pawl.tar.gz', wanted, join(folder, 'opt'), join(folder, 'data')], {
      cwd: folder,
      env,
    })
    return stdout
  }

  it('is not unpacked when it is not what was sent', async () => {
    await expect(install('0'.repeat(64))).rejects.toThrow('WARNING')
    expect(existsSync(join(folder, 'opt'))).toBe(false)
  })

  it(
    'keeps a secret and its keys in the token, and both stay when it is installed again',
    async () => {
      const value = tagged('hunter2')
      const first = await install(sum)
      expect(first.match(/^ok /gm)).toHaveLength(13)
      await serving(first, async (call) => {
        expect(await call('GET', 'health/hsm')).toMatchObject({ hsm_provider: 'pkcs11' })
        const { id } = await call('POST', 'vaults', { name: 'prod' })
        await call('PUT', `vaults/${id}/secrets/db/password`, { value })
      })
      await serving(await install(sum), async (call) => {
        const { vaults } = (await call('GET', 'vaults')) as { vaults: { id: string }[] }
        expect(await call('GET', `vaults/${vaults[0]?.id}/secrets/db/password`)).toMatchObject({ value })
      })
      const { stdout: kept } = await run('tar', ['cf', '-', 'data'], { cwd: folder, encoding: 'buffer' })
      expect(tagsIn(kept)).toEqual([])
      expect(existsSync(join(folder, 'data/vault/keys'))).toBe(false)
    },
    timeoutMs,
  )
})

type Call = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>

/** Starts the server as the script says, signs the owner in, and ends it. */
async function serving(installed: string, use: (call: Call) => Promise<void>): Promise<void> {
  // Not in a shell below the shell, which would be ended in the place of the server.
  const [, line = ''] = /^Start it with: \(set -a; (.*)\)$/m.exec(installed) ?? []
  const password = tagged('Correct-Horse-1815')
  const env = { PATH: process.env.PATH, PAWL_PORT: '0', PAWL_OWNER_PASSWORD: password }
  const server = spawn('sh', ['-ac', line], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const url = await urlSaidBy(server.stdout)
    const call = callAt(`${url}/v1`)
    const { access_token } = await call('POST', 'auth/token', { email: 'owner@localhost', password })
    await use(callAt(`${url}/v1`, `${access_token}`))
  } finally {
    server.kill()
    await new Promise((resolve) => server.once('close', resolve))
  }
}

async function urlSaidBy(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
    if (url) return url
  }
  throw new Error('the server ended')
}

function callAt(url: string, token = ''): Call {
  return async (method, path, body) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const said = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${url}/${path}`, { method, headers, ...said })
    return (await response.json()) as Record<string, unknown>
  }
}
