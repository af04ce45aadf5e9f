import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { chainNotFound } from '../errors.ts'
import { findChain } from '../records.ts'
import { ChainBody, chainBody } from '../schemas.ts'

export const getChain = operation({
  name: 'chains.get',
  summary: 'Get a chain by its name, number or ID.',
  http: { method: 'GET', path: '/v1/chains/{identifier}', status: 200, id: 'getChain', tag: 'Chains' },
  command: { name: 'chain get', positionals: ['identifier'] },
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({ identifier: fields.text(100, 1) }),
  output: ChainBody,
  errors: [chainNotFound],
  run: ({ unit }, { identifier }) => {
    const chain = findChain(unit, identifier)
    if (!chain?.isEnabled) throw chainNotFound()
    return chainBody(chain)
  },
})
