import { area } from '../../operations/index.ts'
import { orgOperations } from './operations/index.ts'
import { directoryKind, installationKind, leaveDirectory, orgKind, userKind } from './records.ts'

export { addOrg, type FirstOwner, firstOwner } from './first-owner.ts'
export type { NewUser } from './new-user.ts'
export { passOn } from './pass-on.ts'
export { hashPassword, isPassword, passwordBytesMax, passwordProblem } from './password.ts'
export {
  canonicalEmail,
  type DirectoryEntry,
  directoryKind,
  installationKind,
  type Org,
  orgKind,
  type User,
  userKind,
} from './records.ts'
export { displayNameField, emailCharactersMax, emailField } from './schemas.ts'

export const orgs = area({
  name: 'orgs',
  summary: 'The organisation and its members.',
  operations: orgOperations,
  kinds: [directoryKind, installationKind, orgKind, userKind],
  onRemoved: {
    agent: { inUnit: ({ unit }, id) => leaveDirectory(unit, id) },
    user: { inUnit: ({ unit }, id) => leaveDirectory(unit, id) },
  },
})
