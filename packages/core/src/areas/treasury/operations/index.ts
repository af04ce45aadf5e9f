import { addSigner } from './add-signer.ts'
import { approveAccess } from './approve-access.ts'
import { cancelProposal } from './cancel-proposal.ts'
import { createProposal } from './create-proposal.ts'
import { createTreasury } from './create-treasury.ts'
import { deleteTreasury } from './delete-treasury.ts'
import { denyAccess } from './deny-access.ts'
import { executeProposal } from './execute-proposal.ts'
import { getProposal } from './get-proposal.ts'
import { getTreasury } from './get-treasury.ts'
import { listAccessRequests } from './list-access-requests.ts'
import { listProposals } from './list-proposals.ts'
import { listTreasuries } from './list-treasuries.ts'
import { removeSigner } from './remove-signer.ts'
import { requestAccess } from './request-access.ts'
import { signProposal } from './sign-proposal.ts'
import { updateDelegation } from './update-delegation.ts'
import { updateTreasury } from './update-treasury.ts'

export const treasuryOperations = {
  create: createTreasury,
  list: listTreasuries,
  get: getTreasury,
  update: updateTreasury,
  delete: deleteTreasury,
  addSigner,
  removeSigner,
  requestAccess,
  listAccessRequests,
  approveAccess,
  denyAccess,
  updateDelegation,
  propose: createProposal,
  listProposals,
  getProposal,
  signProposal,
  executeProposal,
  cancelProposal,
}
