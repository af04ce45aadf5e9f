import { registry } from '@pawl/core'
import { describe, expect, test } from 'vitest'
import { toolsOf } from '../../src/mcp/tools.ts'

// What the published server offers (core.md §18.1, seeds 001 and 002), so that what a model has learned of it holds here.

type Parameter = string | readonly [name: string, usual: unknown]

/** Names with * are required; a pair has a default. */
const published: Readonly<Record<string, readonly Parameter[]>> = {
  list_secrets: ['prefix'],
  get_secret: ['path*'],
  put_secret: ['path*', 'value*', ['type', 'api_key'], 'metadata', 'expires_at', 'max_access_count'],
  delete_secret: ['path*'],
  describe_secret: ['path*'],
  rotate_and_store: ['path*', 'value*'],
  get_env_bundle: ['path*'],
  create_vault: ['name*', 'description'],
  list_vaults: [],
  grant_access: [
    'vault_id*',
    'principal_type*',
    'principal_id*',
    ['permissions', ['read']],
    ['secret_path_pattern', '**'],
  ],
  share_secret: ['secret_id*', 'recipient_type*', 'recipient_id', 'expires_at*', ['max_access_count', 5]],
}

const tools = toolsOf(registry)

describe('the tools', () => {
  test.each(Object.entries(published))('%s takes what it takes elsewhere', (name, parameters) => {
    const { inputSchema } = tools.get(name)?.shown ?? {}
    const required = inputSchema?.required ?? []
    const found = Object.entries(inputSchema?.properties ?? {}).map(([field, schema]): Parameter => {
      if (required.includes(field)) return `${field}*`
      return Object.hasOwn(schema as object, 'default') ? [field, (schema as { default: unknown }).default] : field
    })
    // A vault by its name is ours: without it, a model could not work in a vault that it made (N9).
    const { takesVault } = tools.get(name) ?? {}
    expect(found).toEqual([...parameters, ...(takesVault ? ['vault'] : [])])
    expect(inputSchema?.additionalProperties).toBe(false)
  })

  test('say what their parameters may be', () => {
    const { put_secret, grant_access, share_secret } = Object.fromEntries(
      [...tools].map(([name, { shown }]) => [name, shown.inputSchema.properties as Record<string, { enum?: unknown }>]),
    )
    const types = ['api_key', 'password', 'private_key', 'certificate', 'file', 'note', 'ssh_key', 'env_bundle']
    expect(put_secret?.type?.enum).toEqual(types)
    expect(grant_access?.principal_type?.enum).toEqual(['user', 'agent'])
    expect(share_secret?.recipient_type?.enum).toEqual(['user', 'agent', 'anyone_with_link', 'creator'])
  })

  test.each([...tools])('%s is described, and its hints are those of its operation', (_, { shown, operation }) => {
    expect(shown.description).toMatch(/^[A-Z].{15,400}\.$/s)
    expect(shown.annotations.readOnlyHint).toBe(operation.effect === 'read')
    if (operation.effect === 'read') expect(shown.annotations.destructiveHint).toBe(false)
  })

  test('never ask for the vault of the session, nor for anything that is not in the registry', () => {
    const asked = [...tools.values()].filter(({ shown }) => 'vault_id' in (shown.inputSchema.properties ?? {}))
    expect(asked.every(({ tool }) => tool.input)).toBe(true)
    for (const { shown, needsVault } of tools.values()) {
      const { properties = {}, required = [] } = shown.inputSchema
      expect([shown.name, 'vault' in properties || 'vault_id' in properties]).toEqual([shown.name, needsVault])
      expect(required).not.toContain('vault')
    }
    expect(tools.get('delete_secret')?.shown.annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
    })
  })
})
