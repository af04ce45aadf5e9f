import { env } from 'node:process'
import { createClient, PawlError } from '@pawl/core/client'

const pawl = createClient({ url: env.PAWL_URL ?? 'http://127.0.0.1:8210', apiKey: env.PAWL_API_KEY })

const { vaults } = await pawl.vaults.list()
for (const { id: vault_id } of vaults) {
  const { value } = await pawl.secrets.get({ vault_id, path: 'db/password' })
  console.log(`${value}`, value.reveal()) // [secret] hunter2
  await pawl.secrets.get({ vault_id, path: 'payments/key' }).catch((error) => {
    if (!(error instanceof PawlError && error.kind === 'denied')) throw error
    console.log(error.code) // denied
  })
}
for await (const event of pawl.audit.events.each({ action: 'secret.read' })) console.log(event.action)
