import { Cache } from '../../../kernel/budget.ts'
import { utf8 } from '../../../kernel/bytes.ts'
import { isRedactable } from '../../../kernel/redactor.ts'
import { nextTurn } from '../../../kernel/turn.ts'
import { type Engine, perEngine, unitContext } from '../../../operations/index.ts'
import type { Unit } from '../../../records/index.ts'
import { agentKind } from '../../agents/index.ts'
import { type Readable, readableBy } from '../../policies/index.ts'
import {
  changesAfter,
  heldValues,
  isAtEnd,
  type Position,
  type SecretEntry,
  secretKind,
  secretsUnder,
} from '../../secrets/index.ts'
import { shareKind } from '../../sharing/index.ts'
import { outsideKey, vaultKeysKind } from '../../vaults/index.ts'
import { type KnownSecret, type KnownSecrets, knownSecretsOf, noSecrets } from './known-secrets.ts'
import { searchedIn } from './parts.ts'

// A cache of the secrets that an agent may read. Each call updates it from the feed of the vault, which also has the changes of
// other engines. So Shroud searches for a value from the moment it is stored, and reads a whole vault only once.

/** The engine refuses an agent that may read more secrets than this, because it cannot search for all their values. */
const secretsMax = 20_000
const rowsMax = 100_000
/** Maximum bytes of all searched values, in all their written forms. */
const weightMax = 64 * 1024 * 1024

/** Maximum secrets that one unit decrypts. Larger units would run again too often. */
const secretsPerUnit = 16

const held = perEngine(
  ({ budget }) =>
    new Cache<string, AgentSecrets>(budget, {
      // One that is large still stays, because a call that has to read it again takes long.
      weigh: ({ weight }) => Math.min(weight, budget.bytesMax / 4),
    }),
  (known) => {
    for (const state of known.values()) state.wipe()
  },
)

/**
 * The values that an agent may read now. Ask for each call: the answer is there at once when nothing has changed.
 *
 * @example
 * const known = await knownSecrets(engine, org, agentId)
 * inspect(parts, settings, known)
 */
export async function knownSecrets(engine: Engine, org: string, agentId: string): Promise<KnownSecrets> {
  const known = held(engine)
  const key = `${org}/${agentId}`
  const state = known.get(key) ?? new AgentSecrets(org, agentId)
  const before = state.weight
  const secrets = await state.current(engine)
  if (state.weight !== before || !known.get(key)) known.set(key, state)
  return secrets
}

type OutsideKey = ReturnType<typeof outsideKey>

interface HeldVault {
  readonly key: string
  /** The key that wraps its values, if the key is in a key store of the organisation. */
  readonly outside: OutsideKey
  position: Position
  isComplete: boolean
  readonly secrets: Map<string, KnownSecret>
}

/** Throws what the key store throws: a value that cannot be decrypted cannot be searched for. */
class AgentSecrets {
  readonly #org: string
  readonly #agentId: string
  readonly #vaults = new Map<string, HeldVault>()
  /** By what it was made of: the same shares need not be read again. */
  #shared: { key: string; secrets: readonly KnownSecret[] } = { key: '', secrets: [] }
  #readsKeys: boolean | null = null
  #known = noSecrets
  #isChanged = false
  #running: Promise<KnownSecrets> | null = null
  #next: Promise<KnownSecrets> | null = null

  constructor(org: string, agentId: string) {
    this.#org = org
    this.#agentId = agentId
  }

  get weight(): number {
    const values = [...this.#vaults.values()].reduce((sum, { secrets }) => sum + secrets.size, 0)
    return 2_000 + this.#known.redactor.weight + values * 500
  }

  /** Calls that come while it is brought up to date share the next time: this one may have read too early for them. */
  current(engine: Engine): Promise<KnownSecrets> {
    if (this.#running === null) return this.#start(engine)
    this.#next ??= this.#running.then(
      () => this.#startNext(engine),
      () => this.#startNext(engine),
    )
    return this.#next
  }

  /** Leaves no value in memory, at the end of the engine. What is dropped before may still be in use by a call. */
  wipe(): void {
    this.#known.redactor.wipe()
    this.#known.pieces.wipe()
    this.#forget()
  }

  #forget(): void {
    this.#vaults.clear()
    this.#shared = { key: '', secrets: [] }
    this.#known = noSecrets
    this.#isChanged = true
  }

  #startNext(engine: Engine): Promise<KnownSecrets> {
    this.#next = null
    return this.#start(engine)
  }

  #start(engine: Engine): Promise<KnownSecrets> {
    const running = this.#refresh(engine)
      .catch((error: unknown) => {
        // While a key store is away, its values are sealed, so they leave the memory.
        this.#forget()
        throw error
      })
      .finally(() => {
        if (this.#running === running) this.#running = null
      })
    this.#running = running
    return running
  }

  async #refresh(engine: Engine): Promise<KnownSecrets> {
    const { agent, vaults, current, outside, shared } = await engine.records.transactIn(this.#org, (unit) =>
      this.#rules(unit),
    )
    const readsKeys = agent !== null && !agent.intentsApiEnabled
    if (readsKeys !== this.#readsKeys) this.#forget()
    this.#readsKeys = readsKeys
    const wanted = new Set(vaults.map(({ vaultId }) => vaultId))
    for (const vaultId of this.#vaults.keys()) {
      if (wanted.has(vaultId)) continue
      this.#vaults.delete(vaultId)
      this.#isChanged = true
    }
    for (const vault of vaults) {
      const key = outside.get(vault.vaultId) ?? null
      // While a vault changes its key, values that were read with one key say nothing about the other.
      const isSameKey = key !== 'changing' && this.#vaults.get(vault.vaultId)?.outside === key
      if (!isSameKey) await this.#readVault(engine, vault, key)
      else if (!current.has(vault.vaultId)) await this.#bringUpToDate(engine, vault, key)
      if (key !== null) await this.#requireOpen(engine, vault.vaultId)
    }
    const isOutside = shared.some(({ vaultId }) => outside.has(vaultId))
    await this.#readShared(engine, shared, isOutside)
    if (this.#isChanged) this.#rebuild(engine)
    return this.#known
  }

  #rules(unit: Unit) {
    const agent = unit.get(agentKind, this.#agentId)
    const outside = new Map<string, OutsideKey>()
    if (!agent) return { agent, vaults: [], current: new Set<string>(), outside, shared: [] }
    const shares = unit.list(shareKind, 'recipient', this.#org, 'agent', this.#agentId)
    const accepted = shares.filter(({ acceptedBy }) => acceptedBy?.id === this.#agentId)
    const shared = accepted.flatMap(({ secretId }) => unit.get(secretKind, secretId) ?? [])
    const vaults = readableBy(unit, agent)
    const current = new Set(vaults.filter((vault) => this.#isCurrent(unit, vault)).map(({ vaultId }) => vaultId))
    for (const { vaultId } of [...vaults, ...shared]) {
      const keys = unit.get(vaultKeysKind, vaultId)
      const key = keys && outsideKey(keys)
      if (key !== null) outside.set(vaultId, key)
    }
    return { agent, vaults, current, outside, shared }
  }

  #isCurrent(unit: Unit, { vaultId, key }: Readable): boolean {
    const known = this.#vaults.get(vaultId)
    return known?.key === key && isAtEnd(unit, vaultId, known.position)
  }

  /** Opens one value again, because the values are sealed while the key store is away. */
  async #requireOpen(engine: Engine, vaultId: string): Promise<void> {
    const [id] = this.#vaults.get(vaultId)?.secrets.keys() ?? []
    const entry = id === undefined ? null : await engine.records.reading(this.#org).get(secretKind, id)
    await this.#read(engine, entry ? [entry] : [])
  }

  async #bringUpToDate(engine: Engine, vault: Readable, outside: OutsideKey): Promise<void> {
    const known = this.#vaults.get(vault.vaultId)
    if (known?.key !== vault.key) return this.#readVault(engine, vault, outside)
    for (;;) {
      const changes = await changesAfter(engine, this.#org, vault.vaultId, known.position)
      if (changes === null) return this.#readVault(engine, vault, outside)
      if (changes.secrets.length > 0) {
        for (const { id } of changes.secrets) known.secrets.delete(id)
        await this.#addAll(engine, vault, known, changes.secrets)
        this.#isChanged = true
      }
      known.position = changes.reached
      if (changes.isAll) return
    }
  }

  /** The position comes first, so that what changes meanwhile is read again. */
  async #readVault(engine: Engine, vault: Readable, outside: OutsideKey): Promise<void> {
    this.#vaults.delete(vault.vaultId)
    this.#isChanged = true
    const start = await changesAfter(engine, this.#org, vault.vaultId, null)
    if (start === null) return
    const known: HeldVault = {
      key: vault.key,
      outside,
      position: start.reached,
      isComplete: true,
      secrets: new Map(),
    }
    let rows = 0
    let found: SecretEntry[] = []
    for await (const secret of secretsUnder(() => engine.records.reading(this.#org), vault.vaultId)) {
      known.isComplete = ++rows <= rowsMax && this.#count() + known.secrets.size <= secretsMax
      if (!known.isComplete) break
      found.push(secret)
      if (found.length < secretsPerUnit * 8) continue
      await this.#addAll(engine, vault, known, found)
      found = []
      await nextTurn()
    }
    await this.#addAll(engine, vault, known, found)
    this.#vaults.set(vault.vaultId, known)
  }

  async #addAll(engine: Engine, vault: Readable, known: HeldVault, entries: readonly SecretEntry[]): Promise<void> {
    const readable = entries.filter(({ deletedAt, path }) => deletedAt === null && vault.covers(path))
    for (const secret of await this.#read(engine, readable)) known.secrets.set(secret.secretId, secret)
  }

  /** A version that is not there any more has been replaced, which the feed says the next time. */
  async #read(engine: Engine, entries: readonly SecretEntry[]): Promise<KnownSecret[]> {
    const secrets: KnownSecret[] = []
    for (let from = 0; from < entries.length; from += secretsPerUnit) {
      const some = entries.slice(from, from + secretsPerUnit)
      const read = await engine.records.transactIn(this.#org, (unit) => {
        const context = unitContext(engine, unit)
        return some.map((entry) => heldValues(context, entry, { readsKeys: this.#readsKeys === true }))
      })
      for (const [at, values] of read.entries()) {
        const { vaultId, id, path } = some[at] as SecretEntry
        const value = values[0]?.value
        const searched = values.flatMap((one) => searchedIn(one.type, one.value))
        if (value) secrets.push({ vaultId, secretId: id, path, value, searched })
      }
    }
    return secrets
  }

  /** Those of a vault in a key store of the organisation are opened at each call, so that they are sealed while it is away. */
  async #readShared(engine: Engine, entries: readonly SecretEntry[], isOutside: boolean): Promise<void> {
    const key = JSON.stringify(
      entries.map(({ id, newest, current, deletedAt }) => [id, newest.number, current, deletedAt]),
    )
    if (entries.length === 0 && this.#shared.secrets.length === 0) return
    const isSame = key === this.#shared.key
    if (isSame && !isOutside) return
    const secrets = await this.#read(engine, entries)
    if (isSame) return
    this.#shared = { key, secrets }
    this.#isChanged = true
  }

  #count(): number {
    return [...this.#vaults.values()].reduce((sum, { secrets }) => sum + secrets.size, 0)
  }

  #rebuild(engine: Engine): void {
    const all = [...[...this.#vaults.values()].flatMap(({ secrets }) => [...secrets.values()]), ...this.#shared.secrets]
    const searched = all.filter((secret) => secret.searched.length > 0)
    const characters = searched.reduce(
      (sum, one) => sum + one.searched.reduce((most, value) => most + value.reveal().length, 0),
      0,
    )
    const fits = all.length <= secretsMax && characters * bytesPerCharacter <= weightMax
    const key = engine.crypto.hmacSha256(engine.auditKey(this.#org), utf8('pawl/1/shroud/references'))
    this.#known = knownSecretsOf(
      fits ? searched : [],
      { key, crypto: engine.crypto },
      {
        tooShort: all.filter(({ value }) => !isRedactable(value)).length,
        isComplete: fits && [...this.#vaults.values()].every(({ isComplete }) => isComplete),
      },
    )
    this.#isChanged = false
  }
}

/** A character of a value, in all its written forms. */
const bytesPerCharacter = 200
