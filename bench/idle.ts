// What a server holds when nobody uses it.
import { createServer } from 'node:http'
import { nodeListener } from '@pawl/server/http'
import { say } from './child.ts'
import { fullVault } from './vault.ts'

const vault = await fullVault(10)
const server = createServer(nodeListener(vault.pawl)).listen(0, '127.0.0.1')
await new Promise((resolve) => setTimeout(resolve, 1_000))
const { rss } = process.memoryUsage()
server.close()
await vault.close()
say({ rssMb: rss / 2 ** 20 })
