import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { postgres } from '@pawl/adapters/storage/postgres'
import { createPawl } from '@pawl/core'
import pino from 'pino'
import { chainsOf } from '../../src/host/chains.ts'
import { ensureOwner, readConfig, serve } from '../../src/host/index.ts'
import { accessLog, engineLog, nodeListener } from '../../src/http/index.ts'
import { sharedHsm } from './shared-hsm.ts'

// One of several servers of a vault, as verbose as it can be. The folder of the keys is its first argument, the database
// and the password of the owner are in its environment, and also a node of Base if there is one. It says one line of JSON when it
// serves.

const config = readConfig({ PAWL_PORT: '0', PAWL_OWNER_PASSWORD: process.env.OWNER_PASSWORD })
const logger = pino({ level: 'info', base: null }, pino.destination(2))
const log = engineLog(logger)
const pawl = await createPawl({
  storage: postgres({ url: process.env.STORAGE ?? '' }),
  hsm: sharedHsm(process.argv[2] ?? ''),
  crypto: nodeCrypto(),
  rateLimits: false,
  log,
  chains: chainsOf(process.env.RPC ? { PAWL_RPC_BASE: [process.env.RPC] } : {}, []),
})
await ensureOwner(pawl, config)
const running = await serve(nodeListener(pawl, { log, observe: accessLog(logger) }), config)
process.on('SIGTERM', async () => {
  await running.stop()
  await pawl.close()
})
void pawl.runJobs()
process.stdout.write(`${JSON.stringify({ serves: Number(new URL(running.url).port) })}\n`)
