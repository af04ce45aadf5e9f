export { type FirstOwner, firstOwner } from './first-owner.ts'
export { hashPassword, isPassword, passwordProblem } from './password.ts'
export {
  canonicalEmail,
  type DirectoryEntry,
  directoryKind,
  type Org,
  orgKind,
  type User,
  userKind,
} from './records.ts'
