// Prints a vault of 1Claw, values and all, for `pawl import -`. The key is in ONECLAW_API_KEY.
import { argv, env } from 'node:process'
import { createClient } from '@pawl/core/client'

const [, , url, vault_id] = argv
const { secrets } = createClient({ url, apiKey: env.ONECLAW_API_KEY })

const exported = []
for (const { path } of (await secrets.list({ vault_id })).secrets) {
  const { type, value } = await secrets.get({ vault_id, path })
  exported.push({ path, type, value: value.reveal() })
}
console.log(JSON.stringify({ secrets: exported }))
