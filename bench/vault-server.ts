import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nodeListener } from '@pawl/server/http'
import { say } from './child.ts'
import { fullVault } from './vault.ts'

const auditSync = process.argv[3] === 'os' ? 'os' : 'disk'
const vault = await fullVault(Number(process.argv[2] ?? 1_000), { auditSync })
const server = createServer(nodeListener(vault.pawl))
server.listen(0, '127.0.0.1', () => {
  say({
    port: (server.address() as AddressInfo).port,
    token: vault.token,
    vaultId: vault.vaultId,
    apiKey: vault.apiKey,
  })
})
process.on('SIGTERM', async () => {
  server.closeAllConnections()
  await vault.close()
  process.exit(0)
})
