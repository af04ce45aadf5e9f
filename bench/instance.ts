// One instance of several on a database and a token, or alone on SQLite and the software HSM: reads when it is asked to,
// with so many calls at once.
import { createInterface } from 'node:readline'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { pkcs11 } from '@pawl/adapters/hsm/pkcs11'
import { postgres } from '@pawl/adapters/storage/postgres'
import { createPawl } from '@pawl/core'
import { say } from './child.ts'
import { fullVault, pathOf, rate, seeded } from './vault.ts'

const secrets = 1_000
const [url, uri = '', vaultId, bearer] = process.argv.slice(2)
const parts = url ? { storage: postgres({ url }), hsm: pkcs11({ uri }) } : {}
const vault = vaultId && bearer ? await joined(vaultId, bearer) : await fullVault(secrets, parts)
const pick = seeded(process.pid)
const read = () => vault.agent.secrets.get({ vault_id: vault.vaultId, path: pathOf(pick(secrets)) })
await rate(3_000, read)
say({ vaultId: vault.vaultId, bearer: vault.token })

for await (const line of createInterface({ input: process.stdin })) {
  const { calls, atOnce } = JSON.parse(line) as { calls: number; atOnce: number }
  say({ reads: await rate(calls, read, atOnce) })
}

/** A vault that another instance has filled. */
async function joined(vaultId: string, token: string) {
  const parts = { storage: postgres({ url: url ?? '' }), hsm: pkcs11({ uri }), crypto: nodeCrypto() }
  const pawl = await createPawl({ ...parts, rateLimits: false, background: false })
  return { vaultId, token, agent: pawl.as(token) }
}
