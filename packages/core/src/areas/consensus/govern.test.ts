import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import type { Area } from '../../operations/index.ts'
import { pendingApprovalKind } from './records.ts'

// Goal: what a policy governs happens in the organisation once, when enough people have agreed to exactly this. Method: a whole engine in
// memory.

const key = `0x${'11'.repeat(32)}`

async function governedWorld(conditions: readonly object[], more: object = {}, options: WorldOptions = {}) {
  const world = await testPawl(options)
  const agent = await world.agent({ name: 'payer', intents_api_enabled: true } as never)
  const idle = await world.agent({ name: 'idle' })
  const ann = await world.member({ role: 'admin' })
  const member = await world.member()
  const { vault_id } = await world.owner.agents.agentKeysVault({})
  const policy = { secret_path_pattern: '**', permissions: ['read'], principal_type: 'agent', principal_id: agent.id }
  const consensus_trigger = { conditions, approval: { min_approvals: 1 }, ...more }
  const made = await world.owner.policies.create({ vault_id, ...policy, consensus_trigger } as never)
  const agree = async (pending_approval_id: string, voter = ann.as) => {
    const { payload_hash } = await voter.consensus.get({ pending_approval_id })
    await voter.consensus.vote({ pending_approval_id, decision: 'approve', payload_hash })
    return voter.consensus.execute({ pending_approval_id })
  }
  return { world, owner: world.owner, agent, idle, ann, member, vault_id, policy, made, agree }
}

const submitterMakes = ['signing_key.export', 'signing_key.import', 'agent.create']
const withoutAnswer = ['policy.delete', 'member.remove', 'agent.delete']

/** The pending approval of a call that is governed. */
async function refusedFor(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (refused: unknown) => refused,
  )
  expect(error).toMatchObject({ code: 'approval_required', kind: 'denied' })
  return (error as { data: { approval_request_id: string } }).data.approval_request_id
}

describe('a change of the organisation that people must agree to', () => {
  it('happens once, when other people have agreed to exactly this request (web3.md 13.2)', async () => {
    const { world, owner, agent, ann, vault_id, policy, agree } = await governedWorld([
      { type: 'action_kind_in', action_kinds: ['policy.*'] },
    ])
    await using _ = world
    const wanted = { vault_id, ...policy, secret_path_pattern: 'agents/**' } as never
    const before = await owner.policies.list({ vault_id })
    const approval_id = await refusedFor(owner.policies.create(wanted))
    expect(await refusedFor(owner.policies.create(wanted))).toBe(approval_id)
    expect(await owner.policies.list({ vault_id })).toEqual(before)
    expect(await ann.as.consensus.get({ pending_approval_id: approval_id })).toMatchObject({
      ...{ action: 'policy.create', status: 'pending', submitted_by: world.ownerId },
      action_payload: { vault_id, principal_id: agent.id, secret_path_pattern: 'agents/**' },
    })
    await expect(agree(approval_id, owner)).rejects.toMatchObject({ code: 'own_submission' })
    const again = (more: object) => owner.policies.create({ ...(wanted as object), approval_id, ...more } as never)
    await expect(again({})).rejects.toMatchObject({ kind: 'invalid' })
    const { status, result } = await agree(approval_id)
    expect({ status, result }).toMatchObject({ status: 'executed', result: { secret_path_pattern: 'agents/**' } })
    const { policies } = await owner.policies.list({ vault_id })
    expect(policies).toContainEqual(expect.objectContaining({ id: (result as { id: string }).id }))
    await expect(ann.as.consensus.execute({ pending_approval_id: approval_id })).rejects.toMatchObject({
      ...{ code: 'pending_approval_not_open', data: { status: 'executed' } },
    })
    await expect(again({})).rejects.toMatchObject({ kind: 'invalid' })
  })

  it.each([
    ['policy.delete', 'policy.delete'],
    ['policy.update', 'policy.update'],
    ['signing_key.export', 'signing_key.export'],
    ['signing_key.import', 'signing_key.import'],
    ['member.role_change', 'member.role_change'],
    ['member.remove', 'member.remove'],
    ['member.add', 'member.add'],
    ['member.invite', 'member.invite'],
    ['agent.create', 'agent.create'],
    ['agent.delete', 'agent.delete'],
    ['agent.delete', 'agent.delete in a batch'],
  ])('can be %s (%s)', async (action, call) => {
    const { world, owner, agent, idle, ann, member, vault_id, made, agree } = await governedWorld([
      { type: 'action_in', actions: [action] },
      { type: 'always' },
    ])
    await using _ = world
    if (action === 'signing_key.export') await owner.signers.create({ agent_id: agent.id, chain: 'ethereum' })
    const key_ref = { agent_id: agent.id, chain: 'ethereum' } as const
    const calls: Record<string, (approval_id?: string) => Promise<unknown>> = {
      'policy.delete': (approval_id) => owner.policies.delete({ vault_id, policy_id: made.id, approval_id }),
      'policy.update': (approval_id) =>
        owner.policies.update({ vault_id, policy_id: made.id, permissions: ['write'], approval_id }),
      'signing_key.export': (approval_id) => owner.signers.export({ ...key_ref, approval_id }),
      'signing_key.import': (approval_id) => owner.signers.import({ ...key_ref, private_key: key, approval_id }),
      'member.role_change': (approval_id) => owner.orgs.setRole({ user_id: member.id, role: 'admin', approval_id }),
      'member.remove': (approval_id) => owner.orgs.removeMember({ user_id: member.id, approval_id }),
      'member.add': (approval_id) => owner.orgs.addMember({ email: 'eve@example.com', ...{ approval_id } }),
      'member.invite': (approval_id) => owner.orgs.invite({ email: 'eve@example.com', ...{ approval_id } }),
      'agent.create': (approval_id) => owner.agents.create({ name: 'second', approval_id }),
      'agent.delete': (approval_id) => owner.agents.delete({ agent_id: idle.id, approval_id }),
      'agent.delete in a batch': (approval_id) => owner.agents.batchDelete({ agent_ids: [idle.id], approval_id }),
    }
    const approval_id = await refusedFor(calls[call]?.() ?? Promise.reject())
    const { action_payload } = await ann.as.consensus.get({ pending_approval_id: approval_id })
    expect(JSON.stringify(action_payload)).not.toContain(key.slice(2))
    expect(JSON.stringify(action_payload)).not.toMatch(/[0-9a-f]{64}/)
    const { result } = await agree(approval_id)
    const after = calls[call]?.(approval_id)
    // The server keeps no secret and no proof, so only the submitter can make these calls.
    if (submitterMakes.includes(action)) await after
    else await expect(after).rejects.toThrow()
    expect(Object.keys(result).length > 0).toBe(!submitterMakes.includes(action) && !withoutAnswer.includes(call))
  })

  it('stays governed when the user or agent of the policy would be removed, until people delete the policy', async () => {
    const { world, owner, agent, idle, ann, vault_id, policy, made, agree } = await governedWorld([
      { type: 'action_in', actions: ['policy.delete'] },
    ])
    await using _ = world
    const bob = await world.member()
    const consensus_trigger = {
      conditions: [{ type: 'action_in', actions: ['agent.create'] }],
      approval: { min_approvals: 1 },
    }
    const ofBob = { ...policy, principal_type: 'user', principal_id: bob.id, consensus_trigger }
    const { id } = await owner.policies.create({ vault_id, ...ofBob } as never)
    const governs = (policy_id: string) => ({ code: 'policy_governs', kind: 'conflict', data: { policy_id } })
    await expect(owner.agents.delete({ agent_id: agent.id })).rejects.toMatchObject(governs(made.id))
    await expect(owner.orgs.removeMember({ user_id: bob.id })).rejects.toMatchObject(governs(id))
    await expect(owner.vaults.delete({ vault_id })).rejects.toMatchObject({ code: 'policy_governs' })
    const itself = { confirmation: 'DELETE MY ACCOUNT' } as const
    await expect(bob.as.auth.deleteMe(itself)).rejects.toMatchObject(governs(id))
    await expect(owner.admin.deleteUser({ user_id: bob.id })).rejects.toMatchObject(governs(id))
    expect(await owner.agents.batchDelete({ agent_ids: [agent.id, idle.id] })).toMatchObject({
      ...{ deleted: 1, failed: 1, errors: [{ id: agent.id, reason: expect.stringContaining(made.id) }] },
    })
    await world.pawl.runJobs()
    await refusedFor(owner.agents.create({ name: 'second' }))
    const deleted = { vault_id, policy_id: id }
    const approval_id = await refusedFor(owner.policies.delete(deleted))
    await agree(approval_id)
    await ann.as.orgs.removeMember({ user_id: bob.id })
  })

  it('does not keep a member who made such a policy in their own vault', async () => {
    await using world = await testPawl()
    const member = await world.member()
    const { id: vault_id } = await member.as.vaults.create({ name: 'mine' })
    const consensus_trigger = {
      conditions: [{ type: 'action_kind_in', action_kinds: ['*'] }],
      approval: { min_approvals: 100 },
    }
    const own = { secret_path_pattern: '**', permissions: ['read'], principal_type: 'user', principal_id: member.id }
    await member.as.policies.create({ vault_id, ...own, consensus_trigger } as never)
    await world.owner.orgs.removeMember({ user_id: member.id })
  })

  it('is not governed by what is about signatures, or by a policy that a member makes in their own vault', async () => {
    const { world, owner, policy } = await governedWorld([{ type: 'always' }])
    await using _ = world
    const member = await world.member()
    const { id: vault_id } = await member.as.vaults.create({ name: 'mine' })
    const conditions = [{ type: 'action_kind_in', action_kinds: ['*'] }]
    const consensus_trigger = { conditions, approval: { min_approvals: 100 } }
    await member.as.policies.create({ vault_id, ...policy, consensus_trigger } as never)
    await owner.agents.create({ name: 'second' })
    await refusedFor(member.as.policies.create({ vault_id, ...policy } as never))
  })

  it('stops under a trigger that cannot be read, which an admin can still delete', async () => {
    const { world, owner, vault_id, made } = await governedWorld([
      { type: 'action_in', actions: ['agent.create'], x: 1 },
    ])
    await using _ = world
    await expect(owner.agents.create({ name: 'second' })).rejects.toMatchObject({
      code: 'consensus_trigger_unreadable',
    })
    await owner.policies.delete({ vault_id, policy_id: made.id })
    await owner.agents.create({ name: 'second' })
  })

  it('needs what every policy about it wants', async () => {
    const governed = await governedWorld([{ type: 'action_in', actions: ['agent.create'] }])
    const { world, owner, ann, vault_id, policy, agree } = governed
    await using _ = world
    const consensus_trigger = {
      conditions: [{ type: 'action_kind_in', action_kinds: ['agent'] }],
      approval: { min_approvals: 2, required_roles: ['owner', 'admin'] },
    }
    await owner.policies.create({ vault_id, ...policy, consensus_trigger } as never)
    const approval_id = await refusedFor(owner.agents.create({ name: 'second' }))
    await expect(agree(approval_id)).rejects.toMatchObject({ code: 'pending_approval_not_open' })
    expect(await ann.as.consensus.get({ pending_approval_id: approval_id })).toMatchObject({
      ...{ status: 'pending', required_approvals: 2, current_approvals: 1 },
    })
    const bob = await world.member({ role: 'admin' })
    await agree(approval_id, bob.as)
    await owner.agents.create({ name: 'second', approval_id })
  })
})

describe('a voter', () => {
  it('is no user that came after the request, such as a second account of the submitter', async () => {
    const { world, owner, ann, agree } = await governedWorld([{ type: 'action_in', actions: ['agent.create'] }])
    await using _ = world
    const approval_id = await refusedFor(owner.agents.create({ name: 'second' }))
    world.clock.advance(1)
    const eve = await world.member({ role: 'admin' })
    await expect(agree(approval_id, eve.as)).rejects.toMatchObject({ code: 'denied' })
    await agree(approval_id, ann.as)
    await owner.agents.create({ name: 'second', approval_id })
  })
})

describe('a change that a person executes', () => {
  const agents = async (owner: World['owner']) => (await owner.agents.list()).agents.map(({ name }) => name)
  const events = async (owner: World['owner'], action: string) => {
    const all = (await owner.audit.events({ limit: 200 })).events
    return all.filter((one) => one.action === action)
  }

  it('is made in the name of its submitter, and the trail says who executed it', async () => {
    const { world, owner, ann, idle, agree } = await governedWorld([{ type: 'action_in', actions: ['agent.delete'] }])
    await using _ = world
    const pending_approval_id = await refusedFor(owner.agents.delete({ agent_id: idle.id }))
    await agree(pending_approval_id)
    expect(await agents(owner)).not.toContain('idle')
    const [deleted] = (await events(owner, 'agent.delete')).filter(({ details }) => details.outcome === undefined)
    expect(deleted).toMatchObject({
      ...{ actor_id: world.ownerId, details: { executed_by: ann.id, pending_approval_id } },
    })
    expect(await events(owner, 'pending_approval.execute')).toMatchObject([
      { actor_id: ann.id, resource_id: pending_approval_id, details: { approval_action: 'agent.delete' } },
    ])
  })

  it('shows the key of a new agent to its submitter, who executes it, and to nobody else', async () => {
    const { world, owner, ann, agree } = await governedWorld([{ type: 'action_in', actions: ['agent.create'] }])
    await using _ = world
    const own = await refusedFor(owner.agents.create({ name: 'own' }))
    const { payload_hash } = await ann.as.consensus.get({ pending_approval_id: own })
    await ann.as.consensus.vote({ pending_approval_id: own, decision: 'approve', payload_hash })
    const { result } = await owner.consensus.execute({ pending_approval_id: own })
    expect(result).toMatchObject({ agent: { name: 'own' }, api_key: expect.objectContaining({}) })
    const other = await refusedFor(owner.agents.create({ name: 'other' }))
    expect(await agree(other)).toMatchObject({ status: 'executed', result: {} })
    expect(await agents(owner)).not.toContain('other')
    expect(await owner.agents.create({ name: 'other', approval_id: other })).toHaveProperty('api_key')
  })

  it('needs the rights that the submitter has at that time, and stays approved without them', async () => {
    const { world, owner, ann, idle, agree } = await governedWorld([{ type: 'action_in', actions: ['agent.delete'] }])
    await using _ = world
    const bob = await world.member({ role: 'admin' })
    const pending_approval_id = await refusedFor(bob.as.agents.delete({ agent_id: idle.id }))
    await owner.orgs.setRole({ user_id: bob.id, role: 'member' })
    await expect(agree(pending_approval_id)).rejects.toMatchObject({ code: 'change_refused' })
    expect(await agents(owner)).toContain('idle')
    expect(await owner.consensus.get({ pending_approval_id })).toMatchObject({ status: 'approved' })
    expect(await events(owner, 'pending_approval.execute')).toEqual([])
    await owner.orgs.setRole({ user_id: bob.id, role: 'admin' })
    await ann.as.consensus.execute({ pending_approval_id })
    expect(await agents(owner)).not.toContain('idle')
  })

  it('happens once when two people execute it at the same moment', async () => {
    const { world, owner, ann } = await governedWorld([{ type: 'action_in', actions: ['member.add'] }])
    await using _ = world
    const pending_approval_id = await refusedFor(owner.orgs.addMember({ email: 'eve@example.com' }))
    const { payload_hash } = await ann.as.consensus.get({ pending_approval_id })
    await ann.as.consensus.vote({ pending_approval_id, decision: 'approve', payload_hash })
    const both = await Promise.allSettled([owner, ann.as].map((one) => one.consensus.execute({ pending_approval_id })))
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await events(owner, 'pending_approval.execute')).toHaveLength(1)
  })

  it('uses the agreement also when the policy is gone', async () => {
    const { world, owner, vault_id, made, agree } = await governedWorld([
      { type: 'action_in', actions: ['member.add'] },
    ])
    await using _ = world
    const pending_approval_id = await refusedFor(owner.orgs.addMember({ email: 'eve@example.com' }))
    await owner.policies.delete({ vault_id, policy_id: made.id })
    await agree(pending_approval_id)
    await expect(owner.consensus.execute({ pending_approval_id })).rejects.toMatchObject({
      ...{ code: 'pending_approval_not_open', data: { status: 'executed' } },
    })
  })

  it('needs the agreement that the policies want at that time', async () => {
    const { world, owner, vault_id, made, agree } = await governedWorld([
      { type: 'action_in', actions: ['member.add'] },
    ])
    await using _ = world
    const pending_approval_id = await refusedFor(owner.orgs.addMember({ email: 'eve@example.com' }))
    const consensus_trigger = {
      conditions: [{ type: 'action_in', actions: ['member.add'] }],
      approval: { min_approvals: 2 },
    }
    await owner.policies.update({ vault_id, policy_id: made.id, consensus_trigger } as never)
    await expect(agree(pending_approval_id)).rejects.toMatchObject({ code: 'change_refused' })
  })

  it('can demote the person who executes it', async () => {
    const { world, owner, ann, agree } = await governedWorld([{ type: 'action_in', actions: ['member.role_change'] }])
    await using _ = world
    const demoted = owner.orgs.setRole({ user_id: ann.id, role: 'member' })
    expect(await agree(await refusedFor(demoted))).toMatchObject({ result: { role: 'member' } })
  })
})

describe('what a pending approval keeps of a request', () => {
  it('is what the operation declares, and nothing that people do not see', async () => {
    const requests: unknown[] = []
    const listener = {
      name: 'listener',
      operations: {},
      listensTo: {
        'pending_approval.create': async ({ records }, { org, resourceId }) => {
          const one = await records.reading(org).get(pendingApprovalKind, resourceId)
          requests.push(one?.request?.input)
        },
      },
    } as const satisfies Area
    const trigger = [{ type: 'action_in', actions: ['agent.delete'] }]
    const { world, owner, idle, agree } = await governedWorld(trigger, {}, { areas: [listener] })
    await using _ = world
    const misspelled = { pasword: tagged('Correct-Horse-7'), junk: 'x'.repeat(100_000) }
    const id = await refusedFor(owner.agents.delete({ agent_id: idle.id, ...misspelled } as never))
    await world.pawl.runJobs()
    expect(requests).toEqual([{ agent_id: idle.id }])
    expect(await agree(id)).toMatchObject({ status: 'executed' })
    await expect(owner.agents.get({ agent_id: idle.id })).rejects.toMatchObject({ kind: 'not_found' })
  })

  it('is no request above 64 KiB, which the submitter sends again', async () => {
    const { world, owner, ann } = await governedWorld([{ type: 'action_in', actions: ['agent.create'] }])
    await using _ = world
    const executed = async (descriptionLength: number) => {
      const description = 'x'.repeat(descriptionLength)
      const wanted = { name: 'long', description, shroud_config: { note: 'x'.repeat(63_000) } }
      const approval_id = await refusedFor(owner.agents.create(wanted as never))
      const { payload_hash } = await ann.as.consensus.get({ pending_approval_id: approval_id })
      await ann.as.consensus.vote({ pending_approval_id: approval_id, decision: 'approve', payload_hash })
      const { result } = await owner.consensus.execute({ pending_approval_id: approval_id })
      return { result, again: () => owner.agents.create({ ...wanted, approval_id } as never) }
    }
    expect(await executed(2_000)).toHaveProperty('result.api_key')
    const { result, again } = await executed(3_000)
    expect(result).toEqual({})
    expect(await again()).toHaveProperty('api_key')
  })
})

describe('the credential that submitted a change', () => {
  const password = tagged('Correct-Horse-7')
  const submission = async () => {
    const governed = await governedWorld([{ type: 'action_in', actions: ['agent.delete'] }])
    const { world, owner, idle } = governed
    const { id } = await owner.orgs.addMember({ email: 'bob@example.com', role: 'admin', password })
    const { access_token } = await world.pawl.as({}).auth.token({ email: 'bob@example.com', password })
    const { key, api_key } = await world.pawl.as({ user: id }).auth.createApiKey({ name: 'bot' })
    const asked = { agent_id: idle.id }
    const exchanged = await world.pawl.as({}).auth.apiKeyToken({ api_key: api_key.reveal() })
    const credentials = {
      'a new password': access_token.reveal(),
      'a revoked API key': api_key.reveal(),
      'the revoked API key of its token': exchanged.access_token.reveal(),
    }
    return { ...governed, bob: world.pawl.as({ user: id }), credentials, key, asked }
  }

  const ends = ['a new password', 'a revoked API key', 'the revoked API key of its token'] as const
  it.each(ends)('ends its submission when it ends: %s', async (end) => {
    const { world, owner, bob, credentials, key, asked, ann, agree } = await submission()
    await using _ = world
    const before = world.pawl.as(credentials[end])
    const pending_approval_id = await refusedFor(before.agents.delete(asked))
    if (end === 'a new password') {
      await bob.auth.changePassword({ current_password: password, new_password: tagged('Battery-Staple-8') })
    } else await bob.auth.revokeApiKey({ key_id: key.id })
    await expect(agree(pending_approval_id)).rejects.toMatchObject({ code: 'change_refused' })
    expect(await owner.consensus.get({ pending_approval_id })).toMatchObject({ status: 'approved' })
    const again = await refusedFor(bob.agents.delete(asked))
    expect(again).not.toBe(pending_approval_id)
    expect(await agree(again, ann.as)).toMatchObject({ status: 'executed' })
    await expect(owner.agents.get(asked)).rejects.toMatchObject({ kind: 'not_found' })
  })

  it.each(ends)('does not need to be sent again when the change is executed: the credential of %s', async (end) => {
    const { world, owner, credentials, asked, agree } = await submission()
    await using _ = world
    const approval_id = await refusedFor(world.pawl.as(credentials[end]).agents.delete(asked))
    expect(await agree(approval_id)).toMatchObject({ status: 'executed' })
    await expect(owner.agents.get(asked)).rejects.toMatchObject({ kind: 'not_found' })
  })
})

describe('a change that needed a proof', () => {
  it('is made by its submitter with a new proof, because the engine keeps none', async () => {
    const { world, owner, member, ann, agree } = await governedWorld([
      { type: 'action_in', actions: ['member.role_change'] },
    ])
    await using _ = world
    const password = tagged('Correct-Horse-7')
    await owner.orgs.addMember({ email: 'bob@example.com', role: 'admin', password })
    const { access_token } = await world.pawl.as({}).auth.token({ email: 'bob@example.com', password })
    const bob = world.pawl.as(access_token.reveal())
    world.clock.advance(5 * 60_000)
    const promote = (more: object) => bob.orgs.setRole({ user_id: member.id, role: 'admin', ...more })
    await expect(promote({})).rejects.toMatchObject({ code: 'confirmation_needed' })
    const approval_id = await refusedFor(promote({ auth_confirm: password }))
    const pending = await ann.as.consensus.get({ pending_approval_id: approval_id })
    expect(JSON.stringify(pending)).not.toContain(password)
    expect(await agree(approval_id)).toMatchObject({ status: 'executed', result: {} })
    await expect(promote({ approval_id })).rejects.toMatchObject({ code: 'confirmation_needed' })
    expect(await promote({ approval_id, auth_confirm: password })).toMatchObject({ role: 'admin' })
  })
})

describe('the API key of a person who executes a change', () => {
  it.each(['agent.delete', 'agent.create'])('needs the scope of the change: %s', async (action) => {
    const { world, owner, idle, ann } = await governedWorld([{ type: 'action_in', actions: [action] }])
    await using _ = world
    const changes = {
      'agent.delete': () => owner.agents.delete({ agent_id: idle.id }),
      // Ann submits it, because only the submitter sees the key of the agent.
      'agent.create': () => ann.as.agents.create({ name: 'second' }),
    }
    const pending_approval_id = await refusedFor(changes[action as keyof typeof changes]())
    const voter = action === 'agent.create' ? owner : ann.as
    const { payload_hash } = await voter.consensus.get({ pending_approval_id })
    await voter.consensus.vote({ pending_approval_id, decision: 'approve', payload_hash })
    const executeWith = async (...scopes: string[]) => {
      const { api_key } = await ann.as.auth.createApiKey({ name: 'bot', scopes })
      return world.pawl.as(api_key.reveal()).consensus.execute({ pending_approval_id })
    }
    await expect(executeWith('consensus:*')).rejects.toMatchObject({
      ...{ code: 'denied', data: { reason: expect.stringContaining('agents:write') } },
    })
    expect(await owner.consensus.get({ pending_approval_id })).toMatchObject({ status: 'approved' })
    expect(await executeWith('consensus:*', 'agents:write')).toMatchObject({ status: 'executed' })
  })
})

describe('a secret of a request', () => {
  it('is shown only as such, and binds the approval', async () => {
    const { world, owner, agent, ann, agree } = await governedWorld([
      { type: 'action_in', actions: ['signing_key.import'] },
    ])
    await using _ = world
    const place = { agent_id: agent.id, chain: 'ethereum' } as const
    const approval_id = await refusedFor(owner.signers.import({ ...place, private_key: key }))
    expect(await refusedFor(owner.signers.import({ ...place, private_key: key }))).toBe(approval_id)
    const other = `0x${'22'.repeat(32)}`
    expect(await refusedFor(owner.signers.import({ ...place, private_key: other }))).not.toBe(approval_id)
    const { action_payload } = await ann.as.consensus.get({ pending_approval_id: approval_id })
    expect(action_payload).toMatchObject({ private_key: '[secret]' })
    await agree(approval_id)
    const again = (private_key: string) => owner.signers.import({ ...place, private_key, approval_id })
    await expect(again(other)).rejects.toMatchObject({ kind: 'invalid' })
    await again(key)
  })
})

describe('an enrolment that people must agree to', () => {
  const enrol = async ({ pawl }: World) => {
    const { approval_url = '' } = await pawl.as({ bearer: null, ip: null }).enrolments.enroll({ name: 'helper' })
    return new URL(approval_url).searchParams.get('token') ?? ''
  }

  it('shows the agent and not the token', async () => {
    const { world, owner, ann, agree } = await governedWorld([{ type: 'action_in', actions: ['agent.create'] }])
    await using _ = world
    const token = await enrol(world)
    const approval_id = await refusedFor(owner.enrolments.approve({ token }))
    const { action_payload } = await ann.as.consensus.get({ pending_approval_id: approval_id })
    expect(action_payload).toEqual({
      ...{ token: '[secret]', agent: { name: 'helper', description: '', fingerprint: null } },
    })
    await agree(approval_id)
    expect(await owner.enrolments.approve({ token, approval_id })).toMatchObject({ name: 'helper' })
  })

  it('tells a member nothing about a vault that they cannot see', async () => {
    const { world, member, vault_id } = await governedWorld([{ type: 'action_in', actions: ['policy.create'] }])
    await using _ = world
    const refused = member.as.enrolments.approve({ token: await enrol(world), vault_id })
    await expect(refused).rejects.toMatchObject({ code: 'vault_not_found' })
    expect(await member.as.consensus.list()).toMatchObject({ pending_approvals: [] })
  })
})

describe('a submission of an agent', () => {
  it('is that of the user who made the agent, who cannot vote for it', async () => {
    const { world, owner, agent, ann, policy, agree } = await governedWorld([
      { type: 'action_in', actions: ['policy.create'] },
    ])
    await using _ = world
    const { id: vault_id } = await agent.as.vaults.create({ name: 'own' })
    const wanted = { vault_id, ...policy } as never
    const approval_id = await refusedFor(agent.as.policies.create(wanted))
    await expect(agree(approval_id, owner)).rejects.toMatchObject({ code: 'own_submission' })
    expect(await agree(approval_id, ann.as)).toMatchObject({ result: { created_by: agent.id } })
  })
})

describe('a trigger about actions', () => {
  it.each([
    [
      { conditions: [{ type: 'action_in', actions: ['policy.create', 'policy.creat'] }] },
      'Did you mean policy.create?',
    ],
    [{ conditions: [{ type: 'action_kind_in', action_kinds: ['polcy.*'] }] }, 'unknown kind'],
    [{ conditions: [{ type: 'always' }], skip_when: [{ action_in: ['secret.read'] }] }, 'unknown action'],
    [{ conditions: [{ type: 'always' }], require_when: [{ action_kind_in: ['agents'] }] }, 'unknown kind'],
  ])('names only actions that a policy can govern: %j', async (given, problem) => {
    const { world, owner, vault_id, policy, made } = await governedWorld([{ type: 'always' }])
    await using _ = world
    const consensus_trigger = { ...given, approval: { min_approvals: 1 } }
    const refused = { kind: 'invalid', data: { fields: { consensus_trigger: expect.stringContaining(problem) } } }
    const wanted = { vault_id, ...policy, consensus_trigger } as never
    await expect(owner.policies.create(wanted)).rejects.toMatchObject(refused)
    const changed = { vault_id, policy_id: made.id, consensus_trigger } as never
    await expect(owner.policies.update(changed)).rejects.toMatchObject(refused)
  })
})

describe('the events of a pending approval', () => {
  it('tell that it was created, approved, executed, rejected or expired (web3.md 15.3)', async () => {
    const { world, owner, ann, agree } = await governedWorld([{ type: 'action_in', actions: ['agent.create'] }])
    await using _ = world
    await agree(await refusedFor(owner.agents.create({ name: 'second' })))
    const rejected = await refusedFor(owner.agents.create({ name: 'third' }))
    const { payload_hash } = await ann.as.consensus.get({ pending_approval_id: rejected })
    await ann.as.consensus.vote({ pending_approval_id: rejected, decision: 'reject', payload_hash })
    const late = await refusedFor(owner.agents.create({ name: 'fourth' }))
    world.clock.advance(86_400_001)
    await world.pawl.runJobs()
    await world.pawl.runJobs()
    expect(await owner.consensus.get({ pending_approval_id: late })).toMatchObject({ status: 'expired' })
    const { events } = await owner.audit.events({ limit: 200 })
    const told = events.map(({ action }) => action).filter((one) => /^pending.*(?<!read|list|vote)$/.test(one))
    expect(told.toSorted()).toEqual([
      ...['pending_approval.approve', ...Array<string>(3).fill('pending_approval.create')],
      ...['pending_approval.execute', 'pending_approval.expire', 'pending_approval.reject'],
    ])
  })
})
