import { registry } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { examples } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import { type OfferedTool, toolsOf } from '../../src/mcp/tools.ts'
import { openRoom, overHttp, say } from './sessions.ts'

// Goal: a tool of any area understands what its operation takes, with nobody writing a test for it. Method: the
// example of its operation, by an agent that may read and write wherever the example is.

type Examples = Readonly<Record<string, Readonly<Record<string, (typeof examples)['secrets']['get']>>>>

const exampleOf = ({ operation }: OfferedTool) => {
  const [area = '', verb = ''] = operation.name.split('.')
  return (examples as Examples)[area]?.[verb]
}

/** What a tool wants and the example of its operation does not have. */
const besides: Readonly<Record<string, unknown>> = {
  value: tagged('hunter3'),
  expires_at: '2026-01-02T00:00:00Z',
  recipient_type: 'anyone_with_link',
  call: 'payments',
}

describe('a tool', () => {
  test.each([...toolsOf(registry)])('%s takes the example of its operation', async (name, offered) => {
    await using room = await openRoom()
    const { input } = (await exampleOf(offered)?.(room.world)) ?? { input: {} as Readonly<Record<string, unknown>> }
    const vault = await vaultOf(room.world, input)
    const permissions = ['read', 'write', 'delete', 'rotate'] as const
    const agent = await room.world.agent(
      vault ? { vault, policies: [{ pattern: '**', permissions: [...permissions] }] } : {},
    )
    const client = await overHttp.open({ url: room.url, key: agent.key, ...(vault ? { vault } : {}) })
    const { properties = {}, required = [] } = offered.shown.inputSchema
    const given = Object.fromEntries(
      Object.keys(properties).flatMap((field) => {
        const value = input[field] ?? (required.includes(field) ? besides[field] : undefined)
        return value === undefined ? [] : [[field, value]]
      }),
    )
    const { text, isError } = await say(client, name, given)
    await client.close()
    // What only others may do is denied, and what is not there is not found: but nothing that was given is wrong.
    const wrong = isError ? Object.keys(properties).filter((field) => text.includes(`${field}: `)) : []
    expect([text, wrong]).toEqual([expect.not.stringContaining('internal error'), []])
  })
})

async function vaultOf(
  { owner }: Awaited<ReturnType<typeof openRoom>>['world'],
  input: Readonly<Record<string, unknown>>,
) {
  if (typeof input.vault_id === 'string') return input.vault_id
  return (await owner.vaults.list()).vaults.find(({ name }) => !name.startsWith('__'))?.id
}
