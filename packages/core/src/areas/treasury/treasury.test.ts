import { memoryChain, noChains } from '@pawl/core/ports/reference'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { failingChain } from '@pawl/testkit/wrappers'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { operation } from '../../operations/index.ts'
import { eventName } from '../webhooks/event-names.ts'
import { treasuryAccessKind, treasurySignerKind } from './records.ts'

// Goal: a Safe moves only what its owners signed, each person has one vote, and what is not known is never made up. Method: a
// whole engine in memory, with real signatures. A test beside this one uses a real Safe.

const safe_address = '0x1111111111111111111111111111111111111111'
const to_address = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n
const password = 'Correct-Horse-1815'
const [ann, bob, eve] = [1, 2, 3].map((one) => privateKeyToAccount(`0x${String(one).repeat(64)}`)) as [
  Account,
  Account,
  Account,
]
type Account = ReturnType<typeof privateKeyToAccount>

const left = operation({
  name: 'stored.left',
  summary: 'Count the records of a treasury.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'stored.left', resource: 'treasury' },
  input: z.object({ treasury_id: z.string(), agent_id: z.string() }),
  output: z.object({ records: z.number() }),
  errors: [],
  run: ({ unit }, { treasury_id, agent_id }) => {
    const signers = unit.list(treasurySignerKind, 'treasury', treasury_id)
    return { records: signers.length + unit.list(treasuryAccessKind, 'agent', agent_id).length }
  },
})

const stored = { name: 'stored', operations: { left } } as const

async function treasuryWorld(options: WorldOptions = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const world = await testPawl({ chains: noChains, ...options })
  const { owner } = world
  const { id: treasury_id } = await owner.treasury.create({
    name: 'Team Treasury',
    safe_address,
    threshold: 2,
    signers: [ann.address, bob.address] as never,
  })
  const pay = { treasury_id, to_address, value_wei: '1000000000' }
  const propose = async (given: object = {}) => {
    const made = await owner.treasury.propose({ ...pay, ...given })
    return { ...made, ref: { treasury_id, proposal_id: made.id } }
  }
  const signed = async (account: Account, { safe_tx_hash }: { safe_tx_hash: string }) => ({
    decision: 'approve' as const,
    signature: await account.sign({ hash: safe_tx_hash as `0x${string}` }),
  })
  const approve = async (account: Account, made: Awaited<ReturnType<typeof propose>>) =>
    owner.treasury.signProposal({ ...made.ref, ...(await signed(account, made)) })
  return { ...world, base, treasury_id, pay, propose, signed, approve }
}

/** A world with a node, and an agent that is a signer and pays the gas. */
async function agentWorld(options: WorldOptions = {}, threshold = 1) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const world = await treasuryWorld({ chains: ({ name }) => (name === 'base' ? base : null), ...options })
  const { owner, treasury_id } = world
  await owner.treasury.update({ treasury_id, threshold })
  const { id: agent_id, as } = await world.agent({ name: 'treasurer', intents_api_enabled: true })
  const { address } = await owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, ether)
  const newAgent = world.agent
  const addAgent = () => owner.treasury.addSigner({ treasury_id, signer_type: 'agent', signer_id: agent_id })
  /** Follows what was sent, as the task of the engine does. */
  const mined = async () => {
    base.mine()
    world.clock.advance(60_000)
    await world.pawl.runJobs()
  }
  return { ...world, newAgent, base, agent: as, agent_id, address, addAgent, mined }
}

describe('a treasury', () => {
  it('has the fields of the contract, and takes signers as addresses (web3.md 6.1)', async () => {
    await using world = await treasuryWorld()
    const { owner, ownerId, treasury_id } = world
    const read = await owner.treasury.get({ treasury_id })
    expect(read).toEqual({
      ...{
        id: treasury_id,
        name: 'Team Treasury',
        safe_address,
        safe_version: '1.4.1',
        chain: 'base',
        chain_id: 8_453,
      },
      ...{ threshold: 2, created_by: ownerId, created_at: '2026-01-01T00:00:00.000Z' },
      signers: [ann, bob].map(({ address }) => ({
        ...{ id: expect.any(String), signer_id: expect.any(String), signer_type: 'user', signer_address: address },
        added_at: '2026-01-01T00:00:00.000Z',
      })),
    })
    expect(await owner.treasury.list({})).toEqual({ treasuries: [read] })
    const other = await owner.treasury.create({ name: 'Reserve', safe_address, chain_id: 1 })
    expect(other).toMatchObject({ chain: 'ethereum', chain_id: 1, threshold: 1, signers: [] })
    expect(await owner.treasury.update({ treasury_id, name: 'Team', threshold: 1 })).toMatchObject({ name: 'Team' })
  })

  it.each([
    ['safe_address', { safe_address: '0x12' }],
    ['safe_address', { safe_address: '0x000000000000000000000000000000000000DEAd' }],
    ['chain', { chain: 'bitcoin' }],
    ['chain_id', { chain: 'base', chain_id: 1 }],
    ['threshold', { threshold: 0 }],
  ])('is refused with a wrong %s', async (field, wrong) => {
    await using world = await treasuryWorld()
    const made = world.owner.treasury.create({ name: 'x', safe_address, ...wrong })
    await expect(made).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining(`${field}: `) })
  })

  it('is seen by its signers, changed by those who manage it, and unknown to all others', async () => {
    await using world = await treasuryWorld()
    const { owner, treasury_id } = world
    const [signer, stranger, other] = [await world.member(), await world.member(), await world.otherOrg()]
    const added = { treasury_id, signer_type: 'user', signer_id: signer.id, signer_address: eve.address } as const
    await owner.treasury.addSigner(added)
    await expect(owner.treasury.addSigner(added)).rejects.toMatchObject({ code: 'treasury_signer_exists' })
    expect(await signer.as.treasury.get({ treasury_id })).toMatchObject({ id: treasury_id })
    await expect(signer.as.treasury.delete({ treasury_id })).rejects.toMatchObject({ kind: 'denied' })
    const unknown = [stranger.as, other.owner, (await world.agent()).as]
    for (const as of unknown) {
      await expect(as.treasury.get({ treasury_id })).rejects.toMatchObject({ code: 'treasury_not_found' })
      await expect(as.treasury.propose(world.pay)).rejects.toMatchObject({ code: 'treasury_not_found' })
      expect(await as.treasury.list({})).toEqual({ treasuries: [] })
    }
    await owner.treasury.delete({ treasury_id })
    await expect(owner.treasury.get({ treasury_id })).rejects.toMatchObject({ code: 'treasury_not_found' })
  })
})

describe('a treasury on a chain with a node', () => {
  const words = (...all: readonly (string | number)[]) =>
    all
      .map((one) => (typeof one === 'number' ? one.toString(16) : one.slice(2).toLowerCase()).padStart(64, '0'))
      .join('')
  const answers = (threshold: string, owners: string) => ({
    call: ({ data }: { readonly data: Uint8Array }) => {
      const answer = Buffer.from(data).toString('hex') === 'e75235b8' ? threshold : owners
      return { succeeded: true as const, fuel: 1n, returned: Uint8Array.from(Buffer.from(answer, 'hex')) }
    },
  })
  const worldWith = (threshold: string, owners: string) => {
    const base = memoryChain({ name: 'base', chainId: 8_453n, ...answers(threshold, owners) })
    return testPawl({ chains: ({ name }) => (name === 'base' ? base : null) })
  }
  const claim = { name: 'Team', safe_address, signers: [{ signer_address: ann.address }] }
  /** A treasury whose engine stopped after the commit, before the node answered. */
  const interrupted = async (owners: readonly string[]) => {
    const base = memoryChain({ name: 'base', chainId: 8_453n, ...answers(words(2), words(32, 2, ...owners)) })
    const isUp = { now: false }
    const stopping = {
      ...base,
      simulate: async (calls: never) => {
        if (!isUp.now) throw new Error('the engine stops here')
        return base.simulate?.(calls)
      },
    }
    const world = await testPawl({
      chains: ({ name }) => (name === 'base' ? (stopping as never) : null),
      areas: [stored],
    })
    await expect(world.owner.treasury.create(claim)).rejects.toThrow()
    const [made] = (await world.owner.treasury.list({})).treasuries
    return { ...world, isUp, treasury_id: made?.id ?? '' }
  }

  it('has the threshold and the owners of the Safe, and what differs is refused by the field', async () => {
    await using world = await worldWith(words(2), words(32, 2, ann.address, bob.address))
    const { treasury } = world.owner
    expect(await treasury.create(claim)).toMatchObject({ threshold: 2 })
    for (const [field, wrong] of [
      ['threshold', { threshold: 1 }],
      ['signers[0]', { signers: [{ signer_address: eve.address }] }],
    ] as const) {
      const refused = { code: 'safe_differs', message: expect.stringContaining(`${field}: `) }
      await expect(treasury.create({ ...claim, ...wrong })).rejects.toMatchObject(refused)
      expect(await treasury.create({ ...claim, ...wrong, verify: false })).toMatchObject({ safe_address })
    }
  })

  it.each([
    ['no contract', '', ''],
    ['another contract', words(42), words(42)],
    ['owners that are no addresses', words(1), words(32, 1, `0x${'f'.repeat(64)}`)],
    ['fewer owners than it says', words(1), words(32, 2, ann.address)],
    ['a threshold that no owners can reach', words(3), words(32, 1, ann.address)],
  ])('is taken as the caller says where there is %s', async (_, threshold, owners) => {
    await using world = await worldWith(threshold, owners)
    expect(await world.owner.treasury.create({ ...claim, threshold: 3 })).toMatchObject({ threshold: 3 })
  })

  it('takes no proposal after an interrupted comparison, until a job has compared it', async () => {
    await using world = await interrupted([ann.address, bob.address])
    const { owner, treasury_id, isUp } = world
    const pay = { treasury_id, to_address, value_wei: '1' }
    await expect(owner.treasury.propose(pay)).rejects.toMatchObject({ code: 'treasury_not_compared' })
    await world.pawl.runJobs()
    await expect(owner.treasury.propose(pay)).rejects.toMatchObject({ code: 'treasury_not_compared' })
    isUp.now = true
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    expect(await owner.treasury.get({ treasury_id })).toMatchObject({ threshold: 2 })
    expect(await owner.treasury.propose(pay)).toMatchObject({ threshold: 2 })
  })

  it('is removed with its access requests if the Safe differs after an interrupted comparison', async () => {
    await using world = await interrupted([bob.address, eve.address])
    const { owner, treasury_id, isUp } = world
    const { as: agent, id: agent_id } = await world.agent({ intents_api_enabled: true })
    await owner.signers.create({ agent_id, chain: 'ethereum' })
    await agent.treasury.requestAccess({ treasury_id })
    isUp.now = true
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    await expect(owner.treasury.get({ treasury_id })).rejects.toMatchObject({ code: 'treasury_not_found' })
    const left = await owner.stored.left({ treasury_id, agent_id })
    expect(left).toEqual({ records: 0 })
  })

  it('is not made while its node does not answer', async () => {
    const base = memoryChain({ name: 'base', chainId: 8_453n })
    const gone = failingChain(base, { every: 1 })
    await using world = await testPawl({ chains: ({ name }) => (name === 'base' ? gone : null) })
    await expect(world.owner.treasury.create(claim)).rejects.toMatchObject({ code: 'chain_unavailable' })
  })
})

describe('a proposal', () => {
  it('is the same in the words of all three clients, and its hash is computed offline (web3.md 6.2)', async () => {
    await using world = await treasuryWorld()
    const { owner, treasury_id, propose } = world
    const first = await propose({ nonce: 5 })
    expect(first).toMatchObject({
      ...{ proposed_by: world.ownerId, proposed_by_type: 'user', chain: 'base', chain_id: 8_453, safe_address },
      ...{ to_address, value_wei: '1000000000', data_hex: '0x', operation: 0, is_delegatecall: false, nonce: 5 },
      ...{ status: 'pending', threshold: 2, signatures: [], safe_tx_hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
      expires_at: '2026-01-08T00:00:00.000Z',
    })
    const { safe_tx_hash } = first
    const ofSdk = {
      treasury_id,
      to: to_address,
      value_wei: '1000000000',
      data: '0x',
      operation: 0,
      nonce: 5,
      safe_tx_hash,
    }
    const ofPython = { treasury_id, chain: 'base', to: to_address, value: '1000000000', nonce: 5, urgency: 'high' }
    for (const dialect of [ofSdk, ofPython]) {
      expect(await owner.treasury.propose(dialect as never)).toMatchObject({ safe_tx_hash, data_hex: '0x' })
    }
  })

  it.each([
    ['value_wei', { value_wei: '0.5' }],
    ['value_wei', { value_wei: '-1' }],
    ['value', { value: '2' }],
    ['to', { to: safe_address }],
    ['chain', { chain: 'ethereum' }],
    ['chain_id', { chain_id: 1 }],
    ['operation', { operation: 2 }],
    ['data_hex', { data_hex: '0x1' }],
    ['nonce', { safe_tx_hash: `0x${'0'.repeat(64)}` }],
    ['safe_tx_hash', { nonce: 5, safe_tx_hash: `0x${'0'.repeat(64)}` }],
  ])('is refused with a wrong %s', async (field, wrong) => {
    await using world = await treasuryWorld()
    const made = world.propose(wrong)
    await expect(made).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining(`${field}: `) })
  })

  it('gets a nonce of its own, also among many at once, and one that has ended leaves its nonce free', async () => {
    await using world = await treasuryWorld()
    const made = await Promise.all(Array.from({ length: 10 }, () => world.propose()))
    expect(made.map(({ nonce }) => nonce).sort((a, b) => a - b)).toEqual([...Array(10).keys()])
    const last = made.find(({ nonce }) => nonce === 9)
    await world.owner.treasury.cancelProposal(last?.ref as never)
    expect((await world.propose()).nonce).toBe(9)
  })

  it('gets the nonce that the Safe says', async () => {
    const returned = Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? 42 : 0))
    const base = memoryChain({ chainId: 8_453n, call: () => ({ succeeded: true, fuel: 1n, returned }) })
    await using world = await treasuryWorld({ chains: ({ name }) => (name === 'base' ? base : null) })
    expect([(await world.propose()).nonce, (await world.propose()).nonce]).toEqual([42, 43])
  })

  it('is cancelled by its proposer only while it is pending, and is gone then', async () => {
    await using world = await treasuryWorld()
    const made = await world.propose()
    const admin = await world.member({ role: 'admin' })
    await expect(admin.as.treasury.cancelProposal(made.ref)).rejects.toMatchObject({ kind: 'denied' })
    await world.owner.treasury.cancelProposal(made.ref)
    await expect(world.owner.treasury.getProposal(made.ref)).rejects.toMatchObject({ code: 'proposal_not_found' })
  })

  it('expires after seven days, and takes no vote from then on', async () => {
    await using world = await treasuryWorld()
    const made = await world.propose()
    world.clock.advance(7 * 86_400_000)
    expect(await world.owner.treasury.getProposal(made.ref)).toMatchObject({ status: 'expired' })
    await expect(world.approve(ann, made)).rejects.toMatchObject({ code: 'proposal_decided' })
    const { treasury_id } = world
    expect(await world.owner.treasury.listProposals({ treasury_id, status: 'pending' })).toEqual({ proposals: [] })
    expect((await world.propose()).nonce).toBe(0)
  })
})

describe('a vote', () => {
  it('is a signature of a signer over the hash, once for each', async () => {
    await using world = await treasuryWorld()
    const made = await world.propose()
    const voted = await world.approve(ann, made)
    expect(voted.signatures).toMatchObject([{ signer_address: ann.address, decision: 'approve', signer_type: 'user' }])
    expect(voted.status).toBe('pending')
    await expect(world.approve(ann, made)).rejects.toMatchObject({ code: 'already_voted' })
    await expect(world.approve(eve, made)).rejects.toMatchObject({ kind: 'denied' })
  })

  it('is taken as eth_sign makes it too', async () => {
    await using world = await treasuryWorld()
    const made = await world.propose()
    const raw = made.safe_tx_hash as `0x${string}`
    const signature = await ann.signMessage({ message: { raw } })
    const v = Number.parseInt(signature.slice(-2), 16) + 4
    const given = { ...made.ref, signature: `${signature.slice(0, -2)}${v.toString(16)}` }
    expect((await world.owner.treasury.signProposal(given)).signatures).toMatchObject([{ signer_address: ann.address }])
  })

  it.each([
    ['the placeholder of the documentation', '0x...', 'invalid'],
    ['a signature of a contract', `0x${'0'.repeat(130)}`, 'invalid'],
    ['made of bytes that no key signs', `0x${'11'.repeat(64)}1b`, 'invalid'],
    [
      'an approval on a chain without a node',
      `0x${ann.address.slice(2).padStart(64, '0')}${'0'.repeat(64)}01`,
      'unavailable',
    ],
  ])('is not %s', async (_, signature, kind) => {
    await using world = await treasuryWorld()
    const { ref } = await world.propose()
    await expect(world.owner.treasury.signProposal({ ...ref, signature })).rejects.toMatchObject({ kind })
    expect((await world.owner.treasury.getProposal(ref)).signatures).toEqual([])
  })

  it('that the chain approved counts only for the hash that the chain approved, also if the nonce changes meanwhile', async () => {
    const chain = memoryChain({ name: 'base', chainId: 8_453n })
    const word = (last: number) => Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? last : 0))
    const gate = () => {
      let open = () => {}
      const opened = new Promise<void>((resolve) => {
        open = resolve
      })
      return { open, opened }
    }
    const [nonceAsked, nonceSaid, approvalAsked, approvalSaid] = [gate(), gate(), gate(), gate()]
    const simulate = async ([{ data }]: readonly [{ data: Uint8Array }]) => {
      const selector = Buffer.from(data.subarray(0, 4)).toString('hex')
      const isNonce = selector === 'affed0e0'
      if (isNonce) nonceAsked.open()
      if (isNonce) await nonceSaid.opened
      if (selector === '7d832974') approvalAsked.open()
      if (selector === '7d832974') await approvalSaid.opened
      return [{ succeeded: true, fuel: 1n, returned: word(isNonce ? 42 : 1) }]
    }
    const node = { ...chain, simulate } as never
    await using world = await treasuryWorld({ chains: ({ name }) => (name === 'base' ? node : null) })
    const { owner, treasury_id } = world
    const proposing = world.propose()
    await nonceAsked.opened
    const [made] = (await owner.treasury.listProposals({ treasury_id })).proposals
    const signature = `0x${ann.address.slice(2).padStart(64, '0')}${'0'.repeat(64)}01`
    const vote = { treasury_id, proposal_id: made?.id ?? '', signature }
    const voting = owner.treasury.signProposal(vote)
    voting.catch(() => {})
    await approvalAsked.opened
    nonceSaid.open()
    expect(await proposing).toMatchObject({ id: made?.id, nonce: 42 })
    approvalSaid.open()
    await expect(voting).rejects.toMatchObject({
      kind: 'invalid',
      data: { fields: { signature: 'is for an earlier nonce of the proposal. Approve its current safe_tx_hash' } },
    })
    expect((await owner.treasury.signProposal(vote)).signatures).toMatchObject([{ signer_address: ann.address }])
  })

  it('of a user without a key here needs a signature', async () => {
    await using world = await treasuryWorld()
    const { ref, treasury_id } = { ...(await world.propose()), treasury_id: world.treasury_id }
    await expect(world.owner.treasury.signProposal(ref)).rejects.toMatchObject({ kind: 'denied' })
    const own = { signer_type: 'user', signer_id: world.ownerId, signer_address: eve.address } as const
    await world.owner.treasury.addSigner({ treasury_id, ...own })
    await expect(world.owner.treasury.signProposal(ref)).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('of a user with a wallet is signed with it', async () => {
    await using world = await treasuryWorld()
    const { treasury_id, owner, ownerId } = world
    await owner.wallets.generate({ chains: ['ethereum'] })
    const { signer_address } = await owner.treasury.addSigner({ treasury_id, signer_type: 'user', signer_id: ownerId })
    const { ref } = await world.propose()
    const { signatures } = await owner.treasury.signProposal(ref)
    expect(signatures).toMatchObject([
      { signer_id: ownerId, signer_address, signature: expect.stringMatching(/1[bc]$/) },
    ])
    await world.pawl.setOwnerPassword(password)
    const { access_token } = await world.pawl.as({}).auth.token({ email: 'owner@example.com', password })
    const human = world.pawl.as(access_token.reveal())
    const { ref: second } = await world.propose()
    await expect(human.treasury.signProposal(second)).rejects.toMatchObject({ code: 'confirmation_needed' })
    expect((await human.treasury.signProposal({ ...second, auth_confirm: password })).signatures).toHaveLength(1)
  })

  it('with a wallet or an agent is not made while the organisation is frozen (I7)', async () => {
    await using world = await agentWorld({}, 3)
    const { treasury_id, owner, ownerId, agent } = world
    await world.addAgent()
    await owner.wallets.generate({ chains: ['ethereum'] })
    await owner.treasury.addSigner({ treasury_id, signer_type: 'user', signer_id: ownerId })
    const { ref } = await world.propose()
    await owner.guardrails.freezeOrg({})
    for (const as of [owner, agent]) {
      await expect(as.treasury.signProposal(ref)).rejects.toMatchObject({ data: { violation: { rule: 'frozen' } } })
    }
    await owner.guardrails.unfreezeOrg({})
    expect((await owner.treasury.signProposal(ref)).signatures).toHaveLength(1)
  })

  it('of another user is not handed in', async () => {
    await using world = await treasuryWorld()
    const { id: signer_id } = await world.member()
    const { treasury_id } = world
    await world.owner.treasury.addSigner({ treasury_id, signer_type: 'user', signer_id, signer_address: eve.address })
    await expect(world.approve(eve, await world.propose())).rejects.toMatchObject({ kind: 'denied' })
  })

  it('is one for each person, however often they try at once', async () => {
    await using world = await treasuryWorld()
    const made = await world.propose()
    const many = Array.from({ length: 50 }, () => world.approve(ann, made))
    const outcomes = await Promise.allSettled(many)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(new Set(refused)).toEqual(new Set(['already_voted']))
    expect(await world.owner.treasury.getProposal(made.ref)).toMatchObject({ status: 'pending', signatures: [{}] })
  })

  it('against it needs no signature, and the proposal is rejected once it cannot be approved any more', async () => {
    await using world = await treasuryWorld()
    const { treasury_id, owner, ownerId } = world
    await owner.treasury.removeSigner({ treasury_id, signer_id: bob.address })
    await owner.treasury.addSigner({
      treasury_id,
      signer_type: 'user',
      signer_id: ownerId,
      signer_address: bob.address,
    })
    const made = await world.propose()
    const rejected = await owner.treasury.signProposal({ ...made.ref, decision: 'reject' })
    expect(rejected).toMatchObject({ status: 'rejected', signatures: [{ decision: 'reject', signature: '' }] })
    await expect(world.approve(ann, made)).rejects.toMatchObject({ code: 'proposal_decided' })
  })

  it('ends with its signer, and an approval that was enough is too few then', async () => {
    await using world = await treasuryWorld()
    const { owner, treasury_id } = world
    const made = await world.propose()
    await world.approve(ann, made)
    expect(await world.approve(bob, made)).toMatchObject({ status: 'approved' })
    await owner.treasury.removeSigner({ treasury_id, signer_id: ann.address })
    const left = await owner.treasury.getProposal(made.ref)
    expect(left).toMatchObject({ status: 'pending', signatures: [{ signer_address: bob.address }] })
  })

  it('ends when its member leaves, and when its agent is deleted', async () => {
    await using world = await agentWorld({}, 4)
    const { owner, treasury_id, agent, agent_id } = world
    const member = await world.member()
    const own = { signer_type: 'user', signer_id: member.id, signer_address: eve.address } as const
    await owner.treasury.addSigner({ treasury_id, ...own })
    await world.addAgent()
    const made = await world.propose()
    await member.as.treasury.signProposal({ ...made.ref, ...(await world.signed(eve, made)) })
    expect((await agent.treasury.signProposal(made.ref)).signatures).toHaveLength(2)
    await owner.orgs.removeMember({ user_id: member.id })
    await owner.agents.delete({ agent_id })
    await world.pawl.runJobs()
    expect(await owner.treasury.getProposal(made.ref)).toMatchObject({ signatures: [] })
    expect((await owner.treasury.get({ treasury_id })).signers).toHaveLength(2)
  })
})

describe('an approved proposal', () => {
  it('stays approved without a node, and says which setting is missing', async () => {
    await using world = await treasuryWorld()
    const made = await world.propose()
    await world.approve(bob, made)
    const approved = await world.approve(ann, made)
    expect(approved).toMatchObject({ status: 'approved', failure: expect.stringContaining('PAWL_RPC_BASE') })
    expect(approved).not.toHaveProperty('executed_tx_hash')
    await expect(world.owner.treasury.executeProposal(made.ref)).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('stays approved until a key can pay the gas', async () => {
    await using world = await agentWorld({}, 2)
    const { owner, treasury_id, agent_id } = world
    const made = await world.propose()
    await world.approve(ann, made)
    expect(await world.approve(bob, made)).toMatchObject({
      status: 'approved',
      failure: expect.stringContaining('gas'),
    })
    await expect(owner.treasury.executeProposal(made.ref)).rejects.toMatchObject({ code: 'no_gas_payer' })
    await owner.treasury.update({ treasury_id, executor_agent_id: agent_id })
    expect(await owner.treasury.executeProposal(made.ref)).toMatchObject({ status: 'executing' })
    await expect(owner.treasury.executeProposal(made.ref)).rejects.toMatchObject({ code: 'proposal_decided' })
    expect(world.base.sent).toHaveLength(1)
  })

  it('is sent with the last vote, and is executed when the chain has it', async () => {
    await using world = await agentWorld()
    const { agent, base, owner } = world
    await world.addAgent()
    const made = await world.propose()
    const rival = await world.propose({ nonce: made.nonce })
    const sent = await agent.treasury.signProposal(made.ref)
    expect(sent).toMatchObject({ status: 'executing', executed_tx_hash: base.sent[0]?.id })
    expect(base.sent).toMatchObject([{ to: safe_address, value: 0n }])
    await world.mined()
    const executed = await owner.treasury.getProposal(made.ref)
    expect(executed).toMatchObject({ status: 'executed', executed_at: expect.any(String) })
    expect(await owner.treasury.getProposal(rival.ref)).toMatchObject({ status: 'rejected' })
    const { events } = await owner.audit.events({ action: 'proposal.execute' })
    expect(events).toMatchObject([{ resource_id: made.id, details: { hash: executed.executed_tx_hash } }])
  })

  it('that the chain refuses is approved again, and is sent by a human', async () => {
    await using world = await agentWorld()
    const { agent, base, owner, address } = world
    await world.addAgent()
    const made = await world.propose()
    base.fund(address, -ether)
    const stays = await agent.treasury.signProposal(made.ref)
    expect(stays).toMatchObject({ status: 'approved', failure: expect.any(String) })
    base.fund(address, ether)
    expect(await owner.treasury.executeProposal(made.ref)).toMatchObject({ status: 'executing' })
    await world.mined()
    expect(await owner.treasury.getProposal(made.ref)).toMatchObject({ status: 'executed' })
  })

  it('that was cut off before its signature is approved again, and is sent once', async () => {
    let isCut = false
    const onCommit = (kind: string) => {
      if (isCut && kind === 'nonceLane') throw new Error('cut off')
    }
    await using world = await agentWorld({ onCommit })
    const { agent, base, owner } = world
    await world.addAgent()
    const made = await world.propose()
    isCut = true
    expect(await agent.treasury.signProposal(made.ref)).toMatchObject({
      status: 'approved',
      failure: expect.any(String),
    })
    isCut = false
    await world.mined()
    expect(base.sent).toEqual([])
    await owner.treasury.executeProposal(made.ref)
    await world.mined()
    expect(base.sent).toHaveLength(1)
    expect(await owner.treasury.getProposal(made.ref)).toMatchObject({ status: 'executed' })
  })

  it('that no node has answered for is executing, and its bytes are sent again', async () => {
    const base = memoryChain({ name: 'base', chainId: 8_453n })
    let isGone = true
    const gone = failingChain(base, { every: 1, only: ({ method }) => isGone && method === 'broadcast' })
    await using world = await agentWorld({ chains: ({ name }) => (name === 'base' ? gone : null) })
    base.fund(world.address, ether)
    await world.addAgent()
    const made = await world.propose()
    expect(await world.agent.treasury.signProposal(made.ref)).toMatchObject({ status: 'executing' })
    await expect(world.owner.treasury.executeProposal(made.ref)).rejects.toMatchObject({ code: 'proposal_decided' })
    isGone = false
    await world.mined()
    base.mine()
    await world.mined()
    expect(base.sent).toHaveLength(1)
    expect(await world.owner.treasury.getProposal(made.ref)).toMatchObject({ status: 'executed' })
  })

  it('with a delegatecall is marked, and is sent only with a second confirmation', async () => {
    await using world = await agentWorld({}, 1)
    const { owner, treasury_id, agent, agent_id } = world
    await world.addAgent()
    await owner.treasury.update({ treasury_id, executor_agent_id: agent_id })
    const wanted = { operation: 1 as const, data_hex: '0x8d80ff0a' }
    const made = await world.propose(wanted)
    expect(made).toMatchObject({ is_delegatecall: true, operation: 1 })
    await expect(agent.treasury.signProposal(made.ref)).rejects.toMatchObject({ kind: 'denied' })
    await expect(agent.treasury.propose({ ...world.pay, ...wanted })).rejects.toMatchObject({ kind: 'denied' })
    expect(await world.approve(ann, made)).toMatchObject({ status: 'approved' })
    expect(world.base.sent).toEqual([])
    await expect(owner.treasury.executeProposal(made.ref)).rejects.toMatchObject({ kind: 'invalid' })
    const wrong = { ...made.ref, confirm_safe_tx_hash: `0x${'0'.repeat(64)}` }
    await expect(owner.treasury.executeProposal(wrong)).rejects.toMatchObject({ kind: 'invalid' })
    const confirmed = { ...made.ref, confirm_safe_tx_hash: made.safe_tx_hash }
    expect(await owner.treasury.executeProposal(confirmed)).toMatchObject({ status: 'executing' })
  })
})

describe('an agent', () => {
  it('approves nothing that its guardrails refuse, and takes its budgets with its vote', async () => {
    await using world = await agentWorld({}, 3)
    const { owner, agent, agent_id } = world
    await world.addAgent()
    const limits = { tx_max_value: '0.5', tx_daily_limit: '0.6', tx_to_allowlist: [to_address] }
    await owner.agents.update({ agent_id, ...limits } as never)
    const vote = async (given: object) => agent.treasury.signProposal((await world.propose(given)).ref)
    await expect(vote({ value_wei: `${ether}` })).rejects.toMatchObject({ code: 'guardrail_violated' })
    await expect(vote({ to_address: safe_address })).rejects.toMatchObject({ code: 'guardrail_violated' })
    const approveAll = `0x095ea7b3${'0'.repeat(24)}${eve.address.slice(2)}${'f'.repeat(64)}`
    await expect(vote({ data_hex: approveAll })).rejects.toMatchObject({ code: 'guardrail_violated' })
    expect(await vote({ value_wei: `${ether / 2n}` })).toMatchObject({ signatures: [{ signer_type: 'agent' }] })
    await expect(vote({ value_wei: `${ether / 2n}` })).rejects.toMatchObject({ code: 'guardrail_violated' })
  })

  it('approves nothing about which a policy on its key asks people first, also under a rule that approves at once', async () => {
    await using world = await agentWorld({}, 1)
    const { owner, agent, agent_id, treasury_id } = world
    const { id: request_id } = await agent.treasury.requestAccess({ treasury_id })
    await owner.treasury.approveAccess({ treasury_id, request_id, auto_add_signer: true })
    const auto_approve_rules = [{ max_value_eth: '5' }]
    const delegation = { delegation_mode: 'delegated', auto_approve_rules } as const
    await owner.treasury.updateDelegation({ treasury_id, delegation_id: request_id, ...delegation })
    const { vault_id } = await owner.agents.agentKeysVault({})
    const conditions = [{ type: 'value_above', threshold_wei: `${ether / 2n}` }]
    await owner.policies.create({
      ...{ vault_id, secret_path_pattern: 'agents/**', permissions: ['read'], principal_type: 'agent' },
      ...{ principal_id: agent_id, consensus_trigger: { conditions, approval: { min_approvals: 1 } } },
    } as never)
    const { id: proposal_id, signatures } = await agent.treasury.propose({ ...world.pay, value_wei: `${ether}` })
    expect(signatures).toEqual([])
    const voted = agent.treasury.signProposal({ treasury_id, proposal_id })
    const refused = { kind: 'denied', message: expect.stringContaining('people to agree') }
    await expect(voted).rejects.toMatchObject(refused)
    // People are asked about the key that votes, whatever key the agent names.
    const { id: own } = await agent.vaults.create({ name: 'own' })
    const otherKey = `0x${'12'.repeat(32)}`
    await agent.secrets.put({
      vault_id: own,
      path: 'keys/other',
      type: 'private_key',
      value: otherKey,
    })
    const asked = { agent_id: 'me', chain: 'base', to: to_address, value: '1', mode: 'treasury', treasury_id } as const
    await agent.intents.submit({ ...asked, signing_key_path: 'keys/other' }).catch(() => null)
    const { proposals } = await owner.treasury.listProposals({ treasury_id })
    expect(proposals.flatMap((one) => one.signatures)).toEqual([])
    expect(await agent.intents.submit(asked)).toMatchObject({ status: 'awaiting_approval' })
    expect((await agent.treasury.propose(world.pay)).signatures).toMatchObject([{ signer_type: 'agent' }])
  })

  it('asks for access, and proposes within its delegation once a human has approved', async () => {
    await using world = await agentWorld({}, 2)
    const { owner, agent, agent_id, treasury_id } = world
    await expect(agent.treasury.get({ treasury_id })).rejects.toMatchObject({ code: 'treasury_not_found' })
    const asked = await agent.treasury.requestAccess({ treasury_id, reason: 'Invoices' })
    expect(asked).toEqual({
      ...{ id: expect.any(String), treasury_id, agent_id, status: 'pending', reason: 'Invoices' },
      requested_at: '2026-01-01T00:00:00.000Z',
    })
    await expect(agent.treasury.requestAccess({ treasury_id })).rejects.toMatchObject({ kind: 'conflict' })
    await expect(owner.treasury.requestAccess({ treasury_id })).rejects.toMatchObject({ kind: 'denied' })
    const ref = { treasury_id, request_id: asked.id }
    const guardrails = { to_allowlist: [to_address], max_value_eth: '0.5' }
    const given = { ...ref, auto_add_signer: true, delegation_mode: 'both', guardrails } as const
    expect(await owner.treasury.approveAccess(given)).toMatchObject({ status: 'approved', resolved_by: world.ownerId })
    await expect(owner.treasury.denyAccess(ref)).rejects.toMatchObject({ code: 'treasury_access_decided' })
    expect((await owner.treasury.get({ treasury_id })).signers).toHaveLength(3)
    expect(await agent.treasury.propose(world.pay)).toMatchObject({ proposed_by: agent_id, proposed_by_type: 'agent' })
    const tooMuch = agent.treasury.propose({ ...world.pay, value_wei: `${ether}` })
    await expect(tooMuch).rejects.toMatchObject({ code: 'guardrail_violated' })
    const toOthers = agent.treasury.propose({ ...world.pay, to_address: safe_address })
    await expect(toOthers).rejects.toMatchObject({ code: 'guardrail_violated' })
  })

  it('without a signing key cannot ask for access, and one that was denied may ask again', async () => {
    await using world = await agentWorld()
    const { owner, agent, treasury_id } = world
    const { as: keyless } = await world.newAgent()
    await expect(keyless.treasury.requestAccess({ treasury_id })).rejects.toMatchObject({ kind: 'invalid' })
    const { id: request_id } = await agent.treasury.requestAccess({ treasury_id })
    expect(await owner.treasury.denyAccess({ treasury_id, request_id })).toMatchObject({ status: 'denied' })
    await expect(agent.treasury.propose(world.pay)).rejects.toMatchObject({ code: 'treasury_not_found' })
    expect(await agent.treasury.requestAccess({ treasury_id })).toMatchObject({ status: 'pending' })
    expect((await owner.treasury.listAccessRequests({ treasury_id })).requests).toHaveLength(2)
  })

  it('loses its delegation when a human ends it, or removes it from the signers', async () => {
    await using world = await agentWorld({}, 2)
    const { owner, agent, treasury_id } = world
    const { id: request_id } = await agent.treasury.requestAccess({ treasury_id })
    await owner.treasury.approveAccess({ treasury_id, request_id })
    await agent.treasury.propose(world.pay)
    const ended = await owner.treasury.updateDelegation({ treasury_id, delegation_id: request_id, is_active: false })
    expect(ended).not.toHaveProperty('delegation')
    await expect(agent.treasury.propose(world.pay)).rejects.toMatchObject({ code: 'treasury_not_found' })
    const { id } = await agent.treasury.requestAccess({ treasury_id })
    await owner.treasury.approveAccess({ treasury_id, request_id: id, auto_add_signer: true })
    await owner.treasury.removeSigner({ treasury_id, signer_id: world.agent_id })
    await expect(agent.treasury.propose(world.pay)).rejects.toMatchObject({ code: 'treasury_not_found' })
  })

  it('approves at once what a rule covers, and never a call with data', async () => {
    await using world = await agentWorld({}, 2)
    const { owner, agent, treasury_id } = world
    const { id: request_id } = await agent.treasury.requestAccess({ treasury_id })
    await owner.treasury.approveAccess({ treasury_id, request_id, auto_add_signer: true })
    const auto_approve_rules = [{ max_value_eth: '0.1', to_allowlist: [to_address] }]
    await owner.treasury.updateDelegation({ treasury_id, delegation_id: request_id, auto_approve_rules })
    expect((await agent.treasury.propose(world.pay)).signatures).toMatchObject([{ signer_type: 'agent' }])
    for (const other of [{ value_wei: `${ether}` }, { to_address: safe_address }, { data_hex: '0x095ea7b3' }]) {
      expect((await agent.treasury.propose({ ...world.pay, ...other })).signatures).toEqual([])
    }
  })

  it('with mode treasury makes a proposal, and its transaction ends as the proposal does', async () => {
    await using world = await agentWorld({}, 1)
    const { owner, agent, treasury_id, agent_id } = world
    const pay = { agent_id: 'me', chain: 'base', to: to_address, value: '0.01', mode: 'treasury' } as const
    await expect(agent.intents.submit(pay)).rejects.toMatchObject({ kind: 'denied' })
    const { id: request_id } = await agent.treasury.requestAccess({ treasury_id })
    await owner.treasury.approveAccess({ treasury_id, request_id, auto_add_signer: true, delegation_mode: 'delegated' })
    await expect(agent.intents.sign(pay)).rejects.toMatchObject({ code: 'not_supported_here' })
    const made = await agent.intents.submit(pay)
    expect(made).toMatchObject({ status: 'awaiting_approval', from: safe_address, value_wei: `${ether / 100n}` })
    const ref = { treasury_id, proposal_id: made.proposal_id ?? '' }
    expect(await agent.treasury.getProposal(ref)).toMatchObject({
      to_address,
      value_wei: `${ether / 100n}`,
      proposed_by: agent_id,
    })
    await agent.treasury.signProposal(ref)
    await world.mined()
    const { executed_tx_hash: tx_hash } = await owner.treasury.getProposal(ref)
    expect(await agent.intents.get({ agent_id: 'me', tx_id: made.id })).toMatchObject({ status: 'broadcast', tx_hash })
    const second = await agent.intents.submit(pay)
    const other = { treasury_id, proposal_id: second.proposal_id ?? '' }
    await agent.treasury.cancelProposal(other)
    expect(await agent.intents.get({ agent_id: 'me', tx_id: second.id })).toMatchObject({ status: 'failed' })
  })
})

it('the events of proposals have the names of the contract (web3.md 6.3)', () => {
  const actions = ['proposal.create', 'proposal.sign', 'proposal.execute', 'proposal.cancel']
  expect(actions.map(eventName)).toEqual([
    'proposal.created',
    'proposal.signed',
    'proposal.executed',
    'proposal.cancelled',
  ])
})
