import { readFileSync } from 'node:fs'
import type { Pawl } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import { startSession } from './cli/session.ts'

// Goal: docs/policies.md is true (N7). Method: its programs are run, and each row of its tables is tried on a vault.

type Client = ReturnType<Pawl['as']>
type NewPolicy = Parameters<Client['policies']['create']>[0]
type Question = Parameters<Client['policies']['explain']>[0]

const guide = readFileSync(new URL('../../../docs/policies.md', import.meta.url), 'utf8')
const programs = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = '']) => text)

/** The rows of the table below a heading line, as the quoted words of each cell. */
function rows(heading: string): string[][][] {
  const [, table = ''] = guide.split(`\n${heading}\n`)
  const lines = table.slice(table.indexOf('\n|') + 1).split('\n')
  const own = lines.slice(2, lines.indexOf(''))
  return own.map((line) => [...line.split('|').slice(1, -1)].map(quoted))
}

function conditionRows(heading: string, field: 'conditions' | 'attribute_conditions') {
  return rows(heading).map(([names = [], examples = [], holding = [], others = []]) => {
    return { field, name: names[0] ?? '', example: examples[0] ?? '', holding, others }
  })
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)
}

async function withVault() {
  const world = await testPawl()
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  for (const path of ['db/main', 'db/root']) {
    await world.owner.secrets.put({ vault_id, path, value: tagged('v') })
  }
  const { id: agent_id, as } = await world.agent()
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (owner: Client, vaultId: string, agentId: string) => Promise<unknown>
  return {
    ...world,
    vault_id,
    agent_id,
    run: (program = '') => new AsyncFunction('owner', 'vault_id', 'agent_id', program)(world.owner, vault_id, agent_id),
    policy: (more: Partial<NewPolicy>) =>
      world.owner.policies.create({
        vault_id,
        secret_path_pattern: '**',
        principal_type: 'agent',
        principal_id: agent_id,
        permissions: ['read'],
        ...more,
      }),
    isAllowed: async (more: Partial<Question> = {}) => {
      const about = { principal_type: 'agent' as const, principal_id: agent_id, permission: 'read' as const }
      const { answers } = await world.owner.policies.explain({ vault_id, path: 'db/main', ...about, ...more })
      return answers[0]?.allowed
    },
    canRead: (path: string) =>
      as.secrets.get({ vault_id, path }).then(
        () => true,
        ({ code }) => code !== 'denied',
      ),
  }
}

describe('the guide to policies (N7)', () => {
  test('makes a policy, and shows the decision', async () => {
    await using vault = await withVault()
    const [create, , explain] = programs
    await vault.run(create)
    expect(await vault.run(explain)).toMatchObject({ answers: [{ allowed: true, policies: [{ decides: true }] }] })
    expect(await vault.isAllowed({ ip: '11.0.0.1' })).toBe(false)
    expect(await vault.isAllowed({ ip: '10.1.2.3', at: '2026-07-01T00:00:00Z' })).toBe(false)
  })

  test('makes the same policy on the command line', { timeout: 60_000 }, async () => {
    const [, line = ''] = guide.match(/^```sh\n(.*?)^```$/ms) ?? []
    const session = await startSession()
    try {
      const made = await session.shell(
        `printf %s "$DEV_PASSWORD" | pawl login --email dev@localhost >/dev/null
        ID=$(pawl agent list --json | grep -o '[0-9a-f]\\{8\\}-[0-9a-f-]\\{27\\}' | head -n 1)
        ${line.replace('<its id>', '$ID')}`,
      )
      expect(made).toEqual({ status: 0, printed: expect.stringContaining('10.0.0.0/8') })
    } finally {
      await session.stop()
    }
  })

  test('says what priority and deny do', async () => {
    await using vault = await withVault()
    await vault.run(programs[1])
    expect([await vault.canRead('db/main'), await vault.canRead('db/root')]).toEqual([true, false])
    vault.clock.advance(22.5 * 60 * 60_000)
    expect([await vault.canRead('db/main'), await vault.canRead('db/root')]).toEqual([true, true])
  })

  test.each(rows('## Permissions'))('says what the permission %s allows', async ([given], needs) => {
    await using vault = await withVault()
    await vault.policy({ permissions: [given] as NewPolicy['permissions'] })
    const { answers } = await vault.owner.policies.explain({
      vault_id: vault.vault_id,
      path: 'db/main',
      principal_type: 'agent',
      principal_id: vault.agent_id,
    })
    expect(answers.flatMap(({ permission, allowed }) => (allowed ? [permission] : []))).toEqual(needs)
  })

  test.each(rows('## Patterns'))('says what the pattern %s matches', async ([pattern = ''], matching, others = []) => {
    await using vault = await withVault()
    await vault.policy({ secret_path_pattern: pattern })
    for (const path of matching ?? []) expect(await vault.isAllowed({ path }), path).toBe(true)
    for (const path of others) expect(await vault.isAllowed({ path }), path).toBe(false)
  })

  const conditions = conditionRows('## Conditions', 'conditions')
  const attributes = conditionRows('`attribute_conditions` has these:', 'attribute_conditions')

  test.each([...conditions, ...attributes])('says when $name $example holds', async (row) => {
    const { field, name, example, holding, others } = row
    expect([holding.length, others.length]).not.toContain(0)
    for (const fact of [...holding, ...others]) {
      await using vault = await withVault()
      const { asked = {}, ...principal } = await situation(vault, name, fact)
      await vault.policy({ ...principal, [field]: { [name]: JSON.parse(example) } })
      expect(await vault.isAllowed({ ...principal, ...asked }), fact).toBe(holding.includes(fact))
    }
  })

  test('names every condition of the contract document, and none that the server refuses', () => {
    const { components } = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'))
    const { conditions: known, attribute_conditions: attributeNames } = components.schemas.Policy.properties
    expect(new Set(conditions.map(({ name }) => name))).toEqual(new Set(propertiesOf(known, components)))
    expect(attributes.map(({ name }) => name)).toEqual(propertiesOf(attributeNames, components))
  })

  const [, unevaluated = ''] = guide.match(/does not evaluate it: (.*?) Pawl stores/s) ?? []
  test.each(
    quoted(unevaluated)
      .filter((word) => !word.endsWith('conditions'))
      .map((name) => [name]),
  )('says that %s fails closed: no allow with it applies, and every deny does', async (name) => {
    await using vault = await withVault()
    const field = name === 'runtime_image_in' ? 'conditions' : 'attribute_conditions'
    const unknown = { [field]: { [name]: ['a'] } }
    expect(await vault.policy(unknown)).toMatchObject(unknown)
    expect(await vault.canRead('db/main')).toBe(false)
    await vault.policy({})
    expect(await vault.canRead('db/main')).toBe(true)
    await vault.policy({ ...unknown, effect: 'deny' })
    expect(await vault.canRead('db/main')).toBe(false)
  })

  test('names three conditions that this server does not evaluate', () => {
    expect(quoted(unevaluated).sort()).toEqual([
      'attribute_conditions',
      'conditions',
      'device_known',
      'required_tags',
      'runtime_image_in',
    ])
  })
})

function propertiesOf(schema: { $ref?: string; properties?: object }, components: { schemas: Record<string, object> }) {
  const found = schema.$ref ? components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema
  return Object.keys((found as { properties?: object }).properties ?? {})
}

interface Situation {
  readonly principal_type: 'agent' | 'user'
  readonly principal_id: string
  readonly asked?: Partial<Question>
}

/** Who and what a fact of a table means: the principal that has it, or the time or address to ask about. */
async function situation(world: World, condition: string, fact: string): Promise<Situation> {
  const { agent, member } = world
  const anAgent = async (more = {}): Promise<Situation> => ({
    principal_type: 'agent',
    principal_id: (await agent({ name: 'other', ...more })).id,
  })
  const aUser = async (role: 'admin' | 'member'): Promise<Situation> => ({
    principal_type: 'user',
    principal_id: (await member({ role })).id,
  })
  if (condition === 'ip_allowlist') return { ...(await anAgent()), asked: { ip: fact } }
  if (condition === 'time_window') return { ...(await anAgent()), asked: { at: fact } }
  if (condition === 'environment_in') return anAgent({ environment: fact })
  if (condition === 'risk_verdict_max')
    return { principal_type: 'agent', principal_id: await suspectAgent(world, fact) }
  if (condition === 'principal_role') return aUser(fact === 'admin' ? 'admin' : 'member')
  return fact === 'api_key' ? anAgent() : aUser('member')
}

/** An agent with a verdict of this severity. */
async function suspectAgent({ agent, owner, clock, pawl }: World, severity: string): Promise<string> {
  await owner.orgs.changeSetting({ key: 'risk_denied', value: 10 })
  const [{ id: vault_id } = { id: '' }] = (await owner.vaults.list()).vaults
  const { id, as } = await agent({ name: 'suspect' })
  const tries = async (count: number) => {
    for (let at = 0; at < count; at++) await as.secrets.delete({ vault_id, path: `x-${at}` }).catch(() => {})
    await pawl.runJobs()
  }
  if (severity !== 'none') await tries(severity === 'high' ? 100 : 10)
  if (severity === 'high') {
    // After its first finding, the detector says nothing more for a minute.
    clock.advance(61_000)
    await tries(1)
  }
  const { verdict } = await owner.risk.verdict({ principal_type: 'agent', principal_id: id })
  expect(verdict?.severity ?? 'none').toBe(severity)
  return id
}
