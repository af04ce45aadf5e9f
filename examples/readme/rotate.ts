import { once } from 'node:events'
import { createPawl } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'

/** A database that accepts two passwords of one user for a while, as MySQL does with RETAIN CURRENT PASSWORD. */
const accepted = ['first']

const pawl = await createPawl({ storage: memoryStorage(), hsm: memoryHsm() })
const owner = pawl.as(await pawl.firstOwner({ email: 'you@example.com' }))
const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
const secret = { vault_id, path: 'db/password' }
await owner.secrets.put({ ...secret, value: 'first' })

const rotator = await agentThat('rotator', ['read', 'write'])
const consumer = await agentThat('consumer', ['read'])

// The consumer. It hears of each change and reads the new value.
const leaving = new AbortController()
const changed = new EventTarget()
const { cursor } = await consumer.secrets.changes({ vault_id })
const consuming = consume(cursor)

// The rotation. The database gets the new password before a consumer can read it.
const { version } = await rotator.secrets.get(secret)
const password = crypto.randomUUID()
accepted.push(password)
const heard = once(changed, 'password')
await rotator.secrets.put({ ...secret, value: password, expected_version: version })
await heard
await owner.secrets.disableVersion({ ...secret, version })
accepted.shift()

leaving.abort()
await consuming.catch(() => {}) // rejects with the reason of the abort
await pawl.close()

async function consume(after: string): Promise<void> {
  for (;;) {
    const answer = await consumer.secrets.changes({ vault_id, after, wait: 20 }, { signal: leaving.signal })
    after = answer.cursor
    if (!answer.changes.some(({ path }) => path === secret.path)) continue
    const { value } = await consumer.secrets.get(secret)
    console.log(accepted.includes(value.reveal()) ? 'connected with the new password' : 'refused')
    changed.dispatchEvent(new Event('password'))
  }
}

async function agentThat(name: string, permissions: readonly ('read' | 'write')[]) {
  const { agent } = await owner.agents.create({ name })
  const principal = { principal_type: 'agent', principal_id: agent.id } as const
  await owner.policies.create({ vault_id, ...principal, secret_path_pattern: 'db/*', permissions })
  return pawl.as({ agent: agent.id })
}
