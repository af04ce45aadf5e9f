export { displayNameField, emailCharactersMax, emailField, MemberBody, memberBody, roleField } from './body.ts'
export { emailTaken, memberNotFound } from './errors.ts'
export { addOrg, type FirstOwner, firstOwner } from './first-owner.ts'
export { type NewUser, newOrg, newUser } from './new-user.ts'
export { hashPassword, isPassword, passwordBytesMax, passwordProblem } from './password.ts'
export {
  canonicalEmail,
  type DirectoryEntry,
  directoryKind,
  isEmail,
  type Org,
  orgKind,
  type User,
  userKind,
} from './records.ts'
