import { clearVerdict } from './clear-verdict.ts'
import { createHoneytoken } from './create-honeytoken.ts'
import { deleteHoneytoken } from './delete-honeytoken.ts'
import { getVerdict } from './get-verdict.ts'
import { listHoneytokens } from './list-honeytokens.ts'
import { listRiskEvents } from './list-risk-events.ts'
import { listVerdicts } from './list-verdicts.ts'

export const riskOperations = {
  events: listRiskEvents,
  verdicts: listVerdicts,
  verdict: getVerdict,
  clearVerdict,
  honeytokens: listHoneytokens,
  createHoneytoken,
  deleteHoneytoken,
}
