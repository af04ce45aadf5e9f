import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type LocalVault, startLocalVault } from '@pawl/testkit/local-vault'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { pathWithPawl } from '../../tools/real-parts/pawl.ts'
import { isLong } from '../../tools/test-run/index.ts'

// Goal: whoever follows docs/migrating.md has afterwards what they had before. Method: a shell runs the lines of the
// page on the sample files, into a vault of its own.

const page = readFileSync(new URL('../../docs/migrating.md', import.meta.url), 'utf8')
const [fromEnv = '', fromVault = '', from1Claw = ''] = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(
  ([, lines = '']) => lines,
)
const sample = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

const isRun = isLong('the guide to migrating')

let vault: LocalVault<'mover'>
beforeEach(async () => {
  vault = await startLocalVault({ agents: { mover: { can: { read: ['**'], write: ['**'] } } } })
})
afterEach(() => vault.close())

it.runIf(isRun)('a .env file becomes a secret for each line, and saying what would be done does nothing', async () => {
  const [first = '', second = ''] = fromEnv.replaceAll('.env', 'sample.env').split('\n')
  expect(await run(first)).toContain('3 would be stored')
  expect(await kept()).toEqual({})
  expect(await run(second)).toContain('3 stored')
  expect(await kept()).toEqual({
    'app/CERTIFICATE': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'app/DB_PASSWORD': 'hunter2',
    'app/STRIPE_KEY': 'sk_live_1234',
  })
  expect(await run(second)).toContain('3 there already')
})

it.runIf(isRun)('what HashiCorp Vault prints of either engine becomes a secret for each field', async () => {
  await run(fromVault)
  expect(await kept()).toEqual({
    'db/password': 'hunter2',
    'db/port': '5432',
    'payments/stripe/key': 'sk_live_1234',
    'payments/stripe/webhook': 'whsec_5678',
  })
})

it.runIf(isRun)('a vault of 1Claw is read through its API, and arrives with its paths, types and values', async () => {
  const { secrets }: { secrets: { path: string; type: string; value: string }[] } = sample('1claw.json')
  // It speaks the same contract, so another vault of ours stands for theirs.
  await using theirs = await startLocalVault({
    secrets: Object.fromEntries(secrets.map(({ path, ...secret }) => [path, secret])),
  })
  const { api_key } = await theirs.owner.auth.createApiKey({ name: 'export' })
  const lines = from1Claw.replace('https://api.1claw.xyz', theirs.url).replace('"$THEIR_VAULT"', theirs.vaultId)
  await run(lines, api_key.reveal())
  expect(await kept()).toEqual(Object.fromEntries(secrets.map(({ path, value }) => [path, value])))
  const { secrets: listed } = await vault.owner.secrets.list({ vault_id: vault.vaultId })
  expect(listed.map(({ path, type }) => ({ path, type }))).toEqual(secrets.map(({ path, type }) => ({ path, type })))
})

it.runIf(isRun)('a list of secrets in a file is imported as it is', async () => {
  await run('npx pawl import 1claw.json')
  expect(Object.keys(await kept())).toEqual(['config/env', 'db/password'])
})

/** Everything in the vault, by path. */
async function kept(): Promise<Record<string, string>> {
  const { secrets } = await vault.owner.secrets.list({ vault_id: vault.vaultId })
  const read = secrets.map(async ({ path }) => {
    const { value } = await vault.owner.secrets.get({ vault_id: vault.vaultId, path })
    return [path, value.reveal()] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

/** Runs lines beside the sample files; what they say has no value of a secret in it. */
async function run(lines: string, typed = ''): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-migrating-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  vaultProgram(folder)
  const env = {
    ...vault.agents.mover.env,
    PATH: `${folder}${delimiter}${pathWithPawl()}`,
    HOME: folder,
    // The program of the page imports the client, which is here as sources.
    ...(lines.includes('node ') && {
      NODE_OPTIONS: `--conditions=@pawl/source --import=${import.meta.resolve('tsx')}`,
    }),
  }
  const shell = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', lines], { cwd: import.meta.dirname, env })
  shell.stdin.end(`${typed}\n`)
  const ended = new Promise((resolve) => shell.once('close', resolve))
  const [said, errors, status] = await Promise.all([text(shell.stdout), text(shell.stderr), ended])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  expect(said).not.toMatch(/hunter2|sk_live|whsec|MIIB|example\.com/)
  return said
}

/** Stands for the program of HashiCorp: prints what it printed. */
function vaultProgram(bin: string): void {
  const answers = 'case "$4" in secret/db) cat vault-kv-2.json ;; secret/payments/stripe) cat vault-kv-1.json ;; esac'
  const script = `#!/bin/sh\n[ "$1 $2 $3" = "kv get -format=json" ] || exit 1\n${answers}\n`
  writeFileSync(join(bin, 'vault'), script, { mode: 0o755 })
}
