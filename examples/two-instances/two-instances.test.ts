import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tagged } from '@pawl/testkit/canary'
import { expect, it, onTestFinished } from 'vitest'
import { hasPostgres, startPostgres } from '../../tools/real-parts/postgres.ts'
import { hasSoftHsm, newToken } from '../../tools/real-parts/softhsm.ts'

const file = fileURLToPath(new URL('two-instances.ts', import.meta.url))

it.skipIf(!hasPostgres || !hasSoftHsm)(
  'two engines on one database are one vault: what is put into one is read from both, and refused by both',
  async () => {
    await using server = await startPostgres()
    const token = await newToken()
    onTestFinished(token.destroy)
    const env = {
      PATH: process.env.PATH,
      ...token.env,
      DATABASE_URL: await server.newDatabase(),
      PAWL_HSM: token.uri,
      DB_PASSWORD: tagged('hunter2'),
    }
    const args = ['--conditions=@pawl/source', '--import', import.meta.resolve('tsx'), file]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    expect(stdout.split('\n')).toEqual([
      '[secret] in version 1',
      '[secret] in version 1',
      'denied',
      '3 attempts to read in one trail',
      '',
    ])
  },
  120_000,
)
