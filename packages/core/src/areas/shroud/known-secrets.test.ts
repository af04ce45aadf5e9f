import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { unpluggableHsm } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'

// Goal: what an agent may read is found in its texts from the moment it is stored, on every instance, and nothing else is.
// Method: the operation for any text, with values that are stored, rotated, shared, hidden and taken away.

async function world(options: Parameters<typeof testPawl>[0] = {}) {
  const opened = await testPawl(options)
  const { owner } = opened
  const { id: vault_id } = await owner.vaults.create({ name: 'keys' })
  const agent = await opened.agent({ name: 'writer' })
  const allow = (secret_path_pattern: string) =>
    owner.policies.create({
      ...{ vault_id, principal_type: 'agent', principal_id: agent.id, secret_path_pattern, permissions: ['read'] },
    })
  const put = (path: string, value: string, type?: string) => owner.secrets.put({ vault_id, path, value, type })
  const shown = async (content: string) => {
    const { redacted_content = content } = await agent.as.shroud.inspectContent({
      content,
      context: 'input',
    })
    return redacted_content
  }
  return {
    opened,
    owner,
    vault_id,
    agent,
    allow,
    put,
    shown,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

const marker = /^<\[REDACTED:#[0-9a-f]{8}\]>$/
const value = tagged('correct-horse-battery')
const next = tagged('another-value-of-it')
const others = tagged('a-value-of-others')
const once = tagged('read-me-only-once')
const entry = tagged('first-entry-of-the-bundle')
const password = tagged('p4ssw0rd-of-the-url')
const line = tagged('MIIEvQIBADANBgkqhkiG9w0BAQ')

describe('the secrets of an agent', () => {
  it('are found as soon as they are stored, rotated and restored, and as long as they are there', async () => {
    await using one = await world()
    const { owner, vault_id, put, shown, allow } = one
    await allow('app/**')
    expect(await shown(`<${value}>`)).toBe(`<${value}>`)
    await put('app/db', value)
    expect(await shown(`<${value}>`)).toMatch(marker)
    const before = await shown(`<${value}>`)
    await put('app/db', next)
    expect(await shown(`<${next}>`)).toBe(before)
    // A holder may still have the former value.
    expect(await shown(`<${value}>`)).toBe(before)
    await owner.secrets.delete({ vault_id, path: 'app/db' })
    expect(await shown(`<${value}>`)).toBe(`<${value}>`)
    await owner.secrets.restore({ vault_id, path: 'app/db' })
    expect(await shown(`<${next}>`)).toBe(before)
  })

  it('are those of its policies, which change at once', async () => {
    await using one = await world()
    const { owner, vault_id, put, shown, allow } = one
    await put('app/db', value)
    await put('other/db', others)
    const { id: policy_id } = await allow('app/*')
    expect(await shown(`<${value}>`)).toMatch(marker)
    expect(await shown(`<${others}>`)).toBe(`<${others}>`)
    await allow('**')
    expect(await shown(`<${others}>`)).toMatch(marker)
    await owner.policies.delete({ vault_id, policy_id })
    expect(await shown(`<${value}>`)).toMatch(marker)
  })

  it('are the same for two instances on one store, from the moment that one of them has stored them', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const hsm = memoryHsm()
    await using one = await world({ storage, hsm })
    const { put, allow, agent } = one
    await allow('**')
    await using other = await testPawl({ storage, hsm, clock: one.opened.clock, seed: 'another instance' })
    const shownThere = async (content: string) => {
      const there = other.pawl.as({ agent: agent.id })
      return (await there.shroud.inspectContent({ content, context: 'input' })).redacted_content ?? content
    }
    for (let at = 0; at < 5; at++) {
      const stored = tagged(`stored-by-the-first-${at}`)
      await put(`k${at}`, stored)
      expect(await shownThere(`<${stored}>`)).toBe(await one.shown(`<${stored}>`))
      expect(await shownThere(`<${stored}>`)).toMatch(marker)
    }
  })

  it('V55: are not used from memory while the key store of their vault is away, shared or not', async () => {
    const acme = unpluggableHsm(memoryHsm())
    await using one = await world({ keyStores: { acme } })
    const { owner, vault_id, agent, put, allow, shown } = one
    const away = { code: 'key_store_unavailable' }
    await allow('app/**')
    await put('app/db', value)
    const { id: secret_id } = await put('other/db', others)
    const shared = { secret_id, recipient_type: 'agent', recipient_id: agent.id } as const
    expect(await shown(`<${value}>`)).toMatch(marker)
    await owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    await one.opened.pawl.runJobs()
    acme.unplug()
    await expect(shown(`<${value}>`)).rejects.toMatchObject(away)
    acme.plugIn()
    expect(await shown(`<${value}>`)).toMatch(marker)
    acme.unplug()
    await expect(shown(`<${value}>`)).rejects.toMatchObject(away)
    acme.plugIn()
    await owner.policies.list({ vault_id }).then(async ({ policies }) => {
      for (const { id: policy_id } of policies) await owner.policies.delete({ vault_id, policy_id })
    })
    const { id: share_id } = await owner.sharing.create({ ...shared, expires_at: '2026-02-01T00:00:00Z' })
    await agent.as.sharing.accept({ share_id })
    expect(await shown(`<${others}>`)).toMatch(marker)
    acme.unplug()
    await expect(shown(`<${others}>`)).rejects.toMatchObject(away)
  })

  it('are read from the store once, and again only after a change', async () => {
    const store = memoryStorage()
    const scans: string[] = []
    const storage = Object.assign({}, store, {
      scan: (range: Parameters<typeof store.scan>[0]) => {
        scans.push(`${range.kind} ${range.index}`)
        return store.scan(range)
      },
    })
    await using one = await world({ storage })
    await one.allow('**')
    await one.put('db', value)
    for (let calls = 0; calls < 2; calls++) expect(await one.shown(`<${value}>`)).toMatch(marker)
    scans.length = 0
    expect(await one.shown(`<${value}>`)).toMatch(marker)
    expect(scans).toEqual([])
    await one.put('db', next)
    expect(await one.shown(`<${next}>`)).toMatch(marker)
    expect(scans).toContain('secret changed')
  })

  it('are found with their parts: the entries of an env bundle, the password of a URL, the lines of a key', async () => {
    await using one = await world()
    await one.allow('**')
    await one.put('env', `API=${entry}\nB="second entry of it"\n`, 'env_bundle')
    await one.put('db', `postgres://app:${password}@db.internal/app`)
    await one.put('account', JSON.stringify({ client_email: 'robot@corp.dev', private_key: 'a-private-key-in-json' }))
    await one.put('pem', `x\n${line}\nAAOCAQ8AMIIBCgKCAQEAu1SU1L\n`)
    for (const part of [entry, 'second entry of it', password, 'a-private-key-in-json']) {
      expect(await one.shown(`<${part}>`), part).toMatch(marker)
    }
    expect(await one.shown(`  ${line}\n`)).toMatch(/^ {2}\[REDACTED:#[0-9a-f]{8}\]\n$/)
  })

  it('H5: are found hidden: with characters that are not seen, with look-alikes, and encoded twice', async () => {
    await using one = await world()
    await one.allow('**')
    await one.put('db', value)
    expect(await one.shown(`<${value.split('').join('\u200b')}>`)).toMatch(marker)
    expect(await one.shown(`<${value.replace('o', 'о')}>`)).toMatch(marker)
    const twice = Buffer.from(Buffer.from(value).toString('base64')).toString('base64')
    expect(await one.shown(`<${twice}>`)).toBe('<[REDACTED:encoded]>')
  })

  it('say nothing of values that are too short, and take no read of a limited number', async () => {
    await using one = await world()
    const { owner, vault_id } = one
    await one.allow('**')
    await one.put('pin', '1234')
    await owner.secrets.put({ vault_id, path: 'once', value: once, max_access_count: 1 })
    expect(await one.shown('<1234>')).toBe('<1234>')
    expect(await one.shown(`<${once}>`)).toMatch(marker)
    expect((await one.agent.as.secrets.get({ vault_id, path: 'once' })).value.reveal()).toBe(once)
  })

  it('are those that were shared with it too', async () => {
    await using one = await world()
    const { owner, agent } = one
    const { id } = await one.put('db', value)
    const share = await owner.sharing.create({
      ...{ secret_id: id, recipient_type: 'agent', recipient_id: agent.id },
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    })
    expect(await one.shown(`<${value}>`)).toBe(`<${value}>`)
    await agent.as.sharing.accept({ share_id: share.id })
    expect(await one.shown(`<${value}>`)).toMatch(marker)
  })
})
