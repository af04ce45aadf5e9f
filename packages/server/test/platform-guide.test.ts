import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasCurl } from '../../../tools/real-parts/curl.ts'
import { startSession } from './cli/session.ts'

// Goal: docs/building-on-pawl.md can be pasted. Method: its blocks are run, one after the other. What stands in angle brackets
// is taken from the answers before.

const guide = readFileSync(new URL('../../../docs/building-on-pawl.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, text = '']) => text)

test.skipIf(!hasCurl)(
  'from an app to a user with an agent, and what the app may not',
  { timeout: 120_000 },
  async () => {
    const session = await startSession()
    try {
      const known: Record<string, string> = {}
      const run = async (script = '') => {
        const lines = Object.entries(known).reduce((all, [name, value]) => all.replaceAll(name, value), script)
        const answer = await session.shell(lines)
        expect(answer, lines).toMatchObject({ status: 0 })
        return answer.printed
      }
      const json = async (script = '') => JSON.parse((await run(script)).replace(/^[^{]*/, ''))
      await run('printf %s "$DEV_PASSWORD" | pawl login --email dev@localhost')
      const [create, get, update, template, preview, upsert, bootstrap, reissue, claim, token, act, look] = blocks
      const app = await json(create)
      known['<app-id>'] = app.id
      known['<platform-key>'] = app.api_key
      expect(await json(get)).toMatchObject({ slug: 'my-defi', connected_users: 0 })
      expect(await run(update)).toContain('my-defi')
      expect((await json(get)).redirect_uris).toHaveLength(2)
      known['<template-id>'] = (await json(template)).id
      expect((await json(preview)).resolved_spec.policies).toHaveLength(2)
      known['<connection-id>'] = (await json(upsert)).connection_id
      const made = await json(bootstrap)
      expect(made.summary.signing_keys).toHaveLength(1)
      expect((await json(bootstrap)).summary.agent_api_key).toBe(made.summary.agent_api_key)
      known['<claim-token>'] = (await json(reissue)).claim_token
      expect(await json(claim)).toMatchObject({ status: 'claimed' })
      known['<agent-key>'] = made.summary.agent_api_key
      expect((await json(token)).vault_ids).toEqual([made.summary.vault_id])
      expect(await json(act)).toMatchObject({ status: 403 })
      const seen = await run(look)
      expect(seen).toContain('platform.user.claimed')
      expect(seen).toContain('total bootstraps')
    } finally {
      await session.stop()
    }
  },
)
