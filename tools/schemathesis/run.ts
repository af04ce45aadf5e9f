// Runs schemathesis, a property-based API tester, against a server of its own that follows packages/server/openapi.json:
// with the bearer of the owner and with that of an agent. It fails on every deviation from the document. If the server
// refuses a valid request, the run prints the reason and does not fail, because a schema cannot express every rule.
//
//   tsx -C @pawl/source tools/schemathesis/run.ts [--program schemathesis] [--seed 1] [--examples 20]

import { type SpawnOptions, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Dev, startDev } from '../../packages/server/src/host/dev.ts'

const { values } = parseArgs({
  options: {
    program: { type: 'string', default: 'schemathesis' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    examples: { type: 'string', default: '20' },
  },
})

/** After these, the bearer or the address of the tester is refused. So each has a server of its own. */
const ending = ['revokeToken', 'changePassword', 'createIpRule', 'removeMember', 'updateMemberRole']

/** The code of a good request that is refused. */
const refused = 'ST202'

/** Why a good request is refused, by operation. */
const reasons: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'refused.json'), 'utf8'),
)

interface Failure {
  readonly code: string
  readonly title: string
  readonly operations: readonly string[]
}

console.log(`schemathesis with the seed ${values.seed}`)
const others = ending.flatMap((id) => ['--exclude-operation-id', id])
const found = [...(await test('owner', others)), ...(await test('agent', others))]
for (const id of ending) found.push(...(await test('owner', ['--include-operation-id', id])))
process.exitCode = report(found)

/** One run on a fresh server. */
async function test(who: 'owner' | 'agent', chosen: readonly string[]): Promise<readonly Failure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-schemathesis-'))
  const dev = await startDev({ port: 0, seed: values.seed })
  try {
    const file = join(folder, 'report.json')
    const token = await (who === 'owner' ? ownerToken(dev) : agentToken(dev))
    const settings = ['--config-file', resolve(import.meta.dirname, 'schemathesis.toml')]
    const limits = ['--seed', values.seed, '--max-examples', values.examples, '--continue-on-failure']
    const quiet = ['--no-color', '--generation-database', 'none', '--report', 'json', '--report-json-path', file]
    const args = [...settings, 'run', `${dev.url}/openapi.json`, ...limits, ...quiet, ...chosen]
    await finished(values.program, args, { cwd: folder, env: { ...process.env, PAWL_TOKEN: token } })
    return JSON.parse(readFileSync(file, 'utf8')).failures
  } finally {
    await dev.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function ownerToken({ url, email, password }: Dev): Promise<string> {
  return tokenFrom(`${url}/v1/auth/token`, { email, password })
}

function agentToken({ url, env }: Dev): Promise<string> {
  return tokenFrom(`${url}/v1/auth/agent-token`, { api_key: env.PAWL_API_KEY })
}

async function tokenFrom(url: string, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** It exits with 1 when it has found something. The report says what, so its own output is dropped. */
function finished(program: string, args: readonly string[], options: SpawnOptions): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })
    child.once('error', fail)
    child.once('exit', (code) =>
      code === 0 || code === 1 ? done() : fail(new Error(`${program} exited with ${code}`)),
    )
  })
}

function report(failures: readonly Failure[]): number {
  let counted = 0
  for (const { code, title, operations } of failures) {
    if (code !== refused) counted += operations.length
    for (const operation of operations) {
      const reason = reasons[operation] ?? 'no reason in refused.json'
      console.log(code === refused ? `told ${operation}: ${title}. ${reason}` : `FAIL ${operation}: ${title}`)
    }
  }
  console.log(`schemathesis: ${counted} answers are not as the document says, seed ${values.seed}`)
  return counted === 0 ? 0 : 1
}
