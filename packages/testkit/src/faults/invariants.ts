import { PawlError } from '@pawl/core'
import { openAuditVerifier } from '@pawl/core/maintenance'
import { originOf } from '@pawl/core/surfaces'
import { check } from '../conformance/asserts.ts'
import { equal } from '../conformance/storage/words.ts'
import { Budget } from '../model/index.ts'
import type { Aftermath } from './aftermath.ts'
import { sameEffect } from './remains.ts'

/** A property that holds after every fault. `check` throws when it does not hold. */
export interface Invariant {
  readonly name: string
  check(aftermath: Aftermath): Promise<void>
}

/** What must hold after any fault at any call. They are checked in this order, in one world. */
export const invariants: readonly Invariant[] = [
  {
    name: 'it happened wholly and with its events, or not at all',
    check: async (aftermath) => {
      const { effect, whole, nothing } = aftermath
      const expected = `neither ${JSON.stringify(whole.effect)} nor ${JSON.stringify(nothing.effect)}`
      const isWhole = hasBegun(aftermath) || hasNotHappened(aftermath)
      check(isWhole, `came of it: ${JSON.stringify(effect)}, ${expected}`)
    },
  },
  {
    name: 'a success is told only of what happened, and every failure says that trying again makes sense',
    check: async (aftermath) => {
      const { answer, isMade } = aftermath
      isMade.found(hasHappened(aftermath) || (answer !== 'success' && hasBegun(aftermath)), 'whether it was made')
      if (answer instanceof PawlError) check(answer.kind === 'unavailable', `the caller heard ${answer.kind}`)
    },
  },
  {
    name: 'no key of the HSM is gone without need, and at most those are left over that the call makes',
    check: async (aftermath) => {
      const { keys, whole, nothing } = aftermath
      const expected = hasBegun(aftermath) ? whole.keys : nothing.keys
      check(keys.gone === expected.gone, `${keys.gone} keys are gone, not ${expected.gone}`)
      check(keys.made <= Math.max(whole.keys.made, nothing.keys.made), `${keys.made} keys were made`)
    },
  },
  {
    name: 'asked again, it happens if it had not; if it had, the answer is one that it declares',
    check: async (aftermath) => {
      const budget = new Budget(`what ${aftermath.scenario.name} takes`, 1)
      if (hasHappened(aftermath)) budget.give()
      const error = await askAgain(aftermath)
      // An hour has passed meanwhile.
      const mustHappen = !hasBegun(aftermath) && aftermath.example.isShortLived !== true
      if (mustHappen) check(error === null, `it answers ${error?.code}`)
      if (error) check(isDeclared(aftermath, error), `it answers ${error.code}, which it does not declare`)
      if (aftermath.scenario.takesTheLast && error === null) budget.give()
    },
  },
  {
    name: 'no job is left that is never done',
    check: async ({ world: { pawl }, remains }) => {
      while ((await pawl.runJobs()) > 0);
      const left = [...remains.records.values()].filter(({ kind }) => kind === 'job')
      check(left.length === 0, `${left.length} are left`)
    },
  },
  {
    name: 'everything that can be listed opens',
    check: async ({ world: { owner, ownerId } }) => {
      await Promise.all([
        owner.orgs.listMembers(),
        owner.agents.list(),
        owner.sharing.outbound(),
        owner.auth.listApiKeys(),
      ])
      for (const { id: vault_id, created_by } of (await owner.vaults.list()).vaults) {
        // The vault of an agent admits its human, and the agent governs it.
        if (created_by === ownerId) await owner.policies.list({ vault_id })
        const { secrets } = await owner.secrets.list({ vault_id })
        for (const { path } of secrets) await opens(() => owner.secrets.get({ vault_id, path }))
      }
    },
  },
  {
    name: 'every audit lane verifies',
    check: async ({ storage, hsm, crypto }) => {
      for await (const { lane, problem } of (await openAuditVerifier({ storage, hsm, crypto })).lanes()) {
        check(problem === null, `${lane}: ${problem}`)
      }
    },
  },
  {
    name: 'the store holds what it has acknowledged, and every index leads to it',
    check: async ({ storage, remains: { records } }) => {
      const indexes = new Map<string, Map<string, string>>()
      for (const { kind, id, version, keys } of records.values()) {
        const [stored] = await storage.get([{ kind, id }])
        equal(stored?.version, version, `the version of ${kind} ${id}`)
        for (const { index, key } of keys) {
          const name = `${kind} ${index}`
          indexes.set(name, (indexes.get(name) ?? new Map()).set(key, id))
        }
      }
      for (const [name, expected] of indexes) {
        const [kind = '', index = ''] = name.split(' ')
        const hits = await storage.scan({ kind, index, from: '', to: '~~', limit: 1_000 })
        equal(Object.fromEntries(hits.map(({ key, id }) => [key, id])), Object.fromEntries(expected), `index ${name}`)
      }
    },
  },
]

function hasHappened({ example, effect, whole }: Aftermath): boolean {
  return sameEffect(effect, whole.effect, vague(example))
}

/** A call to the outside is made at most once, so a crash meanwhile leaves the beginning of it. */
function hasBegun({ scenario, example, effect, whole }: Aftermath): boolean {
  const { audit } = scenario.operation
  const settled = audit === 'none' || audit.settled === undefined ? [] : [audit.settled]
  return sameEffect(effect, whole.effect, [...vague(example), ...settled])
}

function hasNotHappened({ example, effect, nothing }: Aftermath): boolean {
  return sameEffect(effect, nothing.effect, vague(example))
}

/**
 * Records that the comparison ignores. An engine that dies loses the number of wraps that it set aside for a key, and when
 * an untrusted caller was last seen. A record that a call stores in another commit can exist alone.
 */
function vague({ who, separately = [] }: Aftermath['example']): string[] {
  const isTrusted = typeof who !== 'string' && 'user' in who
  return ['vaultKeys changed', ...separately, ...(isTrusted ? [] : ['apiKey changed', 'agent changed'])]
}

async function askAgain({ scenario, example, world }: Aftermath): Promise<PawlError | null> {
  try {
    await world.pawl.perform(scenario.operation, example.input, originOf(example.who))
    return null
  } catch (error) {
    if (error instanceof PawlError) return error
    throw error
  }
}

function isDeclared({ scenario }: Aftermath, { code, kind }: PawlError): boolean {
  if (kind === 'internal' || kind === 'unavailable') return false
  return (
    ['denied', 'not_authenticated', 'invalid_input'].includes(code) ||
    (scenario.operation.confirms !== undefined && code.startsWith('confirmation_')) ||
    scenario.operation.errors.some((one) => one.code === code)
  )
}

/** A used-up or disabled secret answers `gone`, and no caller can read a signing key. Neither error means a broken record. */
async function opens(read: () => Promise<unknown>): Promise<void> {
  await read().catch((error: unknown) => {
    const isExpected = error instanceof PawlError && (error.kind === 'gone' || error.code === 'key_material_denied')
    if (!isExpected) throw error
  })
}
