// What a server holds when nobody uses it: the real command, from a first start on.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { say } from './child.ts'
import { serve } from './served.ts'

const folder = await mkdtemp(join(tmpdir(), 'pawl-bench-'))
const server = await serve(join(folder, 'data'))
await setTimeout(1_000)
const rssMb = server.rssMb()
await server.stop()
await rm(folder, { recursive: true })
say({ rssMb })
