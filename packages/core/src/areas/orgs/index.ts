import { area } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { invitationKind } from './invitations.ts'
import { orgOperations } from './operations/index.ts'
import { directoryKind, installationKind, leaveDirectory, orgKind, userKind } from './records.ts'
import { orgSettingsKind } from './settings.ts'

export { requireRoom } from './agent-quotas.ts'
export { agentThings } from './agent-things.ts'
export { agentQuotaReached, emailTaken, lastOwner, memberNotAgreed } from './errors.ts'
export { addOrg, type FirstOwner, firstOwner, isOperator } from './first-owner.ts'
export { hashOf, moveUser, type NewUser, needsAgreement, newOrg, newUser } from './new-user.ts'
export { passOn } from './pass-on.ts'
export { hashPassword, isPassword, newPasswordField, passwordBytesMax, passwordProblem } from './password.ts'
export {
  type Account,
  accountByEmail,
  canonicalEmail,
  type DirectoryEntry,
  directoryKind,
  installationKind,
  isEmail,
  type Org,
  orgIds,
  orgKind,
  standInOf,
  type User,
  untilDoneInEachOrg,
  userKind,
} from './records.ts'
export { callerRole, checkOwnership, keepAnOwner, rankedRoles } from './roles.ts'
export { displayNameField, emailCharactersMax, emailField } from './schemas.ts'
export { approvalRulesOf, dpopOf, riskThresholdsOf, simulatesFirst } from './settings.ts'

export const orgs = area({
  name: 'orgs',
  summary: 'The organisation and its members.',
  uses: ['mail', 'settings'],
  operations: orgOperations,
  kinds: [directoryKind, installationKind, orgKind, userKind, invitationKind, orgSettingsKind],
  onRemoved: {
    agent: { inUnit: ({ unit }, id) => leaveDirectory(unit, id) },
    user: {
      inUnit: ({ unit }, id) => leaveDirectory(unit, id),
      asJob: ({ records }, { org, id }) => dropAll(records, org, invitationKind, 'inviter', org, id),
    },
  },
})
