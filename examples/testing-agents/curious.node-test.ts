import assert from 'node:assert'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { withLocalVault } from '@pawl/testkit/node-test'

const run = promisify(execFile)
const wanted = { secrets: { 'db/password': 'hunter2', 'payments/key': 'sk_live' }, agents: { curious: ['db/*'] } }

test(
  'an agent that looks around is turned away, and found out',
  withLocalVault(wanted, async (vault) => {
    const program = [`${import.meta.dirname}/curious.mjs`]
    const { stdout } = await run(process.execPath, program, { env: vault.agents.curious.env })

    assert.match(stdout, /payments\/key 403/)
    await assert.rejects(vault.assertOnlyRead({ curious: ['db/password'] }), /payments\/key +denied/)
  }),
)
