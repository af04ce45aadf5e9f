import * as z from 'zod'
import { safeVersions } from '../../../families/index.ts'
import { AfterCommit, fields, operation, signedIn } from '../../../operations/index.ts'
import { chainUnavailable } from '../../signers/index.ts'
import { safeDiffers, signerExists, treasuryFull, treasuryNotFound } from '../errors.ts'
import { chainAndNumber, networkFields } from '../network.ts'
import { compareJob, followSafe } from '../on-chain.ts'
import { type Treasury, treasuryKind } from '../records.ts'
import { addressField, TreasuryBody, treasuryBody } from '../schemas.ts'
import { addSigner, signersMax } from '../signers.ts'

const signerEntry = z.object({
  signer_type: fields.optional(z.enum(['user', 'agent'], 'must be user or agent')),
  signer_id: fields.optional(fields.id()),
  signer_address: fields.optional(addressField()),
})

/** An address alone, as some clients send it. */
const signerInput = z.preprocess(
  (given) => (typeof given === 'string' ? { signer_address: given } : given),
  signerEntry,
)

export const createTreasury = operation({
  name: 'treasury.create',
  summary: 'Register a Safe as a treasury. The contract itself is deployed elsewhere.',
  http: { method: 'POST', path: '/v1/treasury', status: 201, id: 'createTreasury', tag: 'Treasury' },
  command: { positionals: ['name', 'safe_address'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'treasury.create',
    resource: 'treasury',
    about: ({ name, safe_address }) => ({ name, safe_address }),
  },
  input: z.object({
    name: fields.name(),
    safe_address: addressField().describe('Address of the Safe, which exists on the chain.'),
    ...networkFields,
    threshold: fields
      .optional(fields.count(signersMax, 1))
      .describe('Number of signers that must approve. Default: the threshold on the chain, or 1.'),
    safe_version: fields
      .optional(z.enum(safeVersions, `must be one of ${safeVersions.join(', ')}`))
      .describe('Version of the contract, which the hashes depend on. Default: 1.4.1.'),
    signers: fields
      .optional(z.array(signerInput, 'must be a list').max(signersMax, `must have at most ${signersMax} entries`))
      .describe('Owners of the Safe. An entry can be an address alone.'),
    verify: fields
      .optional(z.boolean('must be true or false'))
      .describe('false: do not compare threshold and signers with the chain. Default: true, if a node is configured.'),
  }),
  output: TreasuryBody,
  errors: [signerExists, treasuryFull, treasuryNotFound, safeDiffers, chainUnavailable],
  run: (context, { name, safe_address, chain, chain_id, safe_version = '1.4.1', signers = [], ...given }) => {
    const { unit, newId, now, jobs } = context
    const network = chainAndNumber(context, { chain, chain_id }, 'base')
    const { threshold, verify = true } = given
    const { id: createdBy, org } = signedIn(context)
    const treasury: Treasury = {
      ...{ id: newId(), name, safeAddress: safe_address, safeVersion: safe_version, ...network },
      ...{ threshold: threshold ?? 1, executorId: null, createdBy, createdAt: now, changes: 0 },
      ...(verify && { comparison: { threshold: threshold ?? null } }),
    }
    unit.put(treasuryKind, treasury)
    const addresses = signers.map((signer) => addSigner(context, treasury, signer).address)
    // If the engine stops before `finish` has compared the treasury, the job does.
    if (verify) jobs.stage(unit, compareJob, { org, id: treasury.id })
    return new AfterCommit({ id: treasury.id, chain: treasury.chain }, async (engine) => {
      if (verify) await followSafe(engine, org, { treasury, signers: addresses })
      return engine.records.transactIn(org, (later) =>
        treasuryBody(later, later.require(treasuryKind, treasury.id, treasuryNotFound)),
      )
    })
  },
})
