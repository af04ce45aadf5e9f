export { addOrg, type FirstOwner, firstOwner } from './first-owner.ts'
export type { NewUser } from './new-user.ts'
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
