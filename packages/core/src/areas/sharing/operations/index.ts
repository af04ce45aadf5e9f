import { acceptShare } from './accept-share.ts'
import { accessShare } from './access-share.ts'
import { createShare } from './create-share.ts'
import { createShareByPath } from './create-share-by-path.ts'
import { declineShare } from './decline-share.ts'
import { getShare } from './get-share.ts'
import { listInboundShares } from './list-inbound-shares.ts'
import { listOutboundShares } from './list-outbound-shares.ts'
import { listVaultShares } from './list-vault-shares.ts'
import { revokeShare } from './revoke-share.ts'

export const shareOperations = {
  create: createShare,
  createByPath: createShareByPath,
  access: accessShare,
  revoke: revokeShare,
  outbound: listOutboundShares,
  ofVault: listVaultShares,
  inbound: listInboundShares,
  get: getShare,
  accept: acceptShare,
  decline: declineShare,
}
