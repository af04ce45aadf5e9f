import { type Engine, unitContext } from '../../operations/index.ts'
import { proposalNotFound } from './errors.ts'
import { proposalKind } from './records.ts'
import { type ProposalBody, proposalBody } from './schemas.ts'

/** The proposal as it is after all that followed. */
export function answered(engine: Engine, org: string, id: string): Promise<ProposalBody> {
  return engine.records.transactIn(org, (unit) =>
    proposalBody(unitContext(engine, unit), unit.require(proposalKind, id, proposalNotFound)),
  )
}
