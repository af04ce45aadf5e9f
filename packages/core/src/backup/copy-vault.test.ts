import { tagged } from '@pawl/testkit/canary'
import { beforeEach, describe, expect, it } from 'vitest'
import { createPawl } from '../index.ts'
import { examine } from '../maintenance/index.ts'
import { memoryHsm, memoryStorage } from '../ports/reference/index.ts'
import type { Kept } from '../ports/storage.ts'
import { backUp, CopyDiffers, migrate, readBackup, restore } from './index.ts'

// Goal: a copy of a vault is a vault, and what is not a faithful copy never becomes one. Method: whole engines on stores
// and an HSM in memory, and stores that do not keep what they are given.

const payment = {
  ...{ chain: 'base', to: '0x000000000000000000000000000000000000dEaD', value: '0.1', nonce: 1, gas_limit: 21_000 },
  ...{ max_fee_per_gas: '2000', max_priority_fee_per_gas: '1000' },
}

type Store = ReturnType<typeof memoryStorage>

let source: Store
let ids: { user: string; vaultId: string }
const hsm = { ...memoryHsm(), close: async () => {} }

const open = (storage: Store) => createPawl({ storage, hsm, background: false, rateLimits: false })

beforeEach(async () => {
  source = memoryStorage()
  const pawl = await open(source)
  const { user } = await pawl.firstOwner({ email: 'you@example.com' })
  const owner = pawl.as({ user })
  const { id } = await owner.vaults.create({ name: 'prod' })
  for (let at = 0; at < 20; at++)
    await owner.secrets.put({ vault_id: id, path: `s/${at}`, value: tagged(`value ${at}`) })
  await pawl.close()
  ids = { user, vaultId: id }
})

async function valueIn(storage: Store, path: string): Promise<string> {
  const pawl = await open(storage)
  const { value } = await pawl.as({ user: ids.user }).secrets.get({ vault_id: ids.vaultId, path })
  await pawl.close()
  return value.reveal()
}

const backup = async () => readBackup(backUp({ storage: source, hsm }).bytes)

/** A store that shows something else than it was given. */
function showing(change: (kept: Kept) => Kept | null): Store {
  const inner = memoryStorage()
  const changed = async function* () {
    for await (const chunk of inner.snapshot()) yield chunk.flatMap((kept) => change(kept) ?? [])
  }
  return { ...inner, snapshot: changed }
}

async function damage(storage: Store, kind: string): Promise<void> {
  for await (const chunk of storage.snapshot()) {
    const found = chunk.find((kept) => kept.kind === kind)
    if (!found) continue
    const body = found.body.map((byte, at) => (at === found.body.length - 1 ? byte ^ 1 : byte))
    return storage.commit([{ op: 'put', ...found, expect: found.version, body }])
  }
}

describe('a restored vault', () => {
  it('is the vault, and what was checked is told', async () => {
    const target = memoryStorage()
    const done = await restore({ backup: await backup(), storage: target, hsm })
    expect(done).toMatchObject({ lanes: 1, values: 20, findings: [] })
    expect(await valueIn(target, 's/7')).toBe(tagged('value 7'))
  })

  it('says what was damaged before it was backed up, and is there all the same', async () => {
    await damage(source, 'secretVersion')
    await damage(source, 'auditBlock')
    const target = memoryStorage()
    const { findings } = await restore({ backup: await backup(), storage: target, hsm })
    expect(findings).toEqual([
      'A record secretVersion cannot be decrypted.',
      'A record auditBlock cannot be decrypted.',
      expect.stringMatching(/^The audit lane main of .* is damaged/),
    ])
    expect(await valueIn(target, 's/19')).toBe(tagged('value 19'))
  })

  it('signs nothing until a human ends the freeze, because it does not know what was signed after the backup', async () => {
    const before = await open(source)
    const owner = before.as({ user: ids.user })
    const { agent } = await owner.agents.create({ name: 'payer', intents_api_enabled: true } as never)
    await owner.signers.create({ agent_id: agent.id, chain: 'ethereum' })
    await before.close()
    const target = memoryStorage()
    expect(await restore({ backup: await backup(), storage: target, hsm })).toMatchObject({ frozen: 1, findings: [] })
    const pawl = await open(target)
    const sign = () => pawl.as({ agent: agent.id }).intents.sign({ agent_id: 'me', ...payment })
    await expect(sign()).rejects.toMatchObject({ data: { violation: { rule: 'frozen' } } })
    const human = pawl.as({ user: ids.user })
    const reason = expect.stringMatching(/^restored from a backup of 20/)
    expect(await human.guardrails.orgFreeze({})).toMatchObject({ frozen: true, frozen_by: 'restore', reason })
    const { events } = await human.audit.events({ action: 'org.freeze' })
    expect(events).toMatchObject([{ actor_type: 'system', details: { reason } }])
    expect(await human.audit.verify({})).toMatchObject({ chain_valid: true })
    await human.guardrails.unfreezeOrg({})
    expect(await sign()).toMatchObject({ status: 'sign_only' })
    await pawl.close()
  })

  it.each([
    ['a signing key', 'signers'],
    ['a key that is a secret', 'secrets'],
  ])(
    'signs nothing with %s and the budgets of the past, also if the agent gets intents after the restore',
    async (_, place) => {
      const before = await open(source)
      const owner = before.as({ user: ids.user })
      const { agent } = await owner.agents.create({ name: 'payer' } as never)
      const { vaultId: vault_id } = ids
      if (place === 'signers') await owner.signers.create({ agent_id: agent.id, chain: 'ethereum' })
      else {
        await owner.secrets.put({
          vault_id,
          path: 'keys/base-signer',
          value: `${'0'.repeat(63)}1`,
          type: 'private_key',
        })
        const grant = { principal_type: 'agent', principal_id: agent.id, permissions: ['read'] } as const
        await owner.policies.create({ vault_id, secret_path_pattern: 'keys/*', ...grant })
      }
      await before.close()
      const target = memoryStorage()
      expect(await restore({ backup: await backup(), storage: target, hsm })).toMatchObject({ frozen: 1, findings: [] })
      const pawl = await open(target)
      const human = pawl.as({ user: ids.user })
      const sign = () => pawl.as({ agent: agent.id }).intents.sign({ agent_id: 'me', ...payment })
      await human.agents.update({ agent_id: agent.id, intents_api_enabled: true } as never)
      await expect(sign()).rejects.toMatchObject({ data: { violation: { rule: 'frozen' } } })
      await human.guardrails.unfreezeOrg({})
      expect(await sign()).toMatchObject({ status: 'sign_only' })
      await pawl.close()
    },
  )

  it('is not frozen without agents, keys or wallets that sign, and a migrated vault is never frozen', async () => {
    expect(await restore({ backup: await backup(), storage: memoryStorage(), hsm })).toMatchObject({ frozen: 0 })
    const before = await open(source)
    await before.as({ user: ids.user }).agents.create({ name: 'payer', intents_api_enabled: true } as never)
    await before.close()
    const target = memoryStorage()
    await migrate({ from: source, to: target, hsm })
    const pawl = await open(target)
    expect(await pawl.as({ user: ids.user }).guardrails.orgFreeze({})).toEqual({ frozen: false })
    await pawl.close()
  })

  it('says when keys of its values are not in the HSM any more', async () => {
    const made = await backup()
    await hsm.destroyKey(`pawl:vault/${await orgOf(source)}/${ids.vaultId}/1`)
    const { findings } = await restore({ backup: made, storage: memoryStorage(), hsm })
    expect(findings).toEqual([expect.stringContaining('20 of 20 tested values have no key in the HSM.')])
  })

  it('is none while the store does not hold what it was given', async () => {
    const faults = [
      showing((kept) => (kept.kind === 'secret' ? null : kept)),
      showing((kept) => ({ ...kept, keys: kept.keys.slice(1) })),
      showing((kept) => (kept.kind === 'secretVersion' ? { ...kept, body: kept.body.slice(1) } : kept)),
    ]
    for (const storage of faults) {
      await expect(restore({ backup: await backup(), storage, hsm })).rejects.toThrow(CopyDiffers)
      await expect(open(storage)).rejects.toThrow('only half filled')
    }
  })

  it('is never mixed from two backups', async () => {
    const target = memoryStorage()
    const broken: Store = {
      ...target,
      commitMany: async () => {
        throw new Error('the disk is gone')
      },
    }
    await expect(restore({ backup: await backup(), storage: broken, hsm })).rejects.toThrow('the disk is gone')
    await expect(restore({ backup: await backup(), storage: target, hsm })).rejects.toThrow('from another source')
  })
})

async function orgOf(storage: Store): Promise<string> {
  for await (const chunk of storage.snapshot()) {
    const vault = chunk.find(({ kind }) => kind === 'vault')
    if (vault) return vault.id.slice(0, vault.id.indexOf('/'))
  }
  throw new Error('there is no vault')
}

describe('a vault that is moved', () => {
  it('is not finished when its source changed meanwhile', async () => {
    const target = memoryStorage()
    let isWritten = false
    const progress = () => {
      if (isWritten) return
      isWritten = true
      const body = new Uint8Array(1)
      void source.commit([{ op: 'put', kind: 'thing', id: 'late', expect: null, version: '1', body, keys: [] }])
    }
    await expect(migrate({ from: source, to: target, hsm, progress })).rejects.toThrow('The source changed')
    await expect(open(target)).rejects.toThrow('only half filled')
    await source.commit([{ op: 'delete', kind: 'thing', id: 'late', expect: '1' }])
    expect(await migrate({ from: source, to: target, hsm })).toMatchObject({ findings: [] })
    expect(await valueIn(target, 's/3')).toBe(tagged('value 3'))
  })
})

describe('an examination', () => {
  it('counts what is there, what ends soon and what is damaged, without an engine', async () => {
    const pawl = await open(source)
    const owner = pawl.as({ user: ids.user })
    const soon = new Date(Date.now() + 10 * 86_400_000).toISOString()
    const late = new Date(Date.now() + 90 * 86_400_000).toISOString()
    await owner.agents.create({ name: 'one', expires_at: soon })
    await owner.agents.create({ name: 'two', expires_at: late })
    await pawl.close()
    const facts = await examine({ storage: source, hsm, now: Date.now() })
    expect(facts).toMatchObject({ damaged: 0, jobs: { waiting: 0, failing: 0, late: 0 } })
    expect(facts.records).toMatchObject({ vault: 2, secret: 24, secretVersion: 24, agent: 2 })
    expect(facts.expiring).toEqual({ agent: 1 })
    expect(facts.signedAt).toBeGreaterThan(0)
    await damage(source, 'agent')
    expect((await examine({ storage: source, hsm, now: Date.now() })).damaged).toBe(1)
  })
})
