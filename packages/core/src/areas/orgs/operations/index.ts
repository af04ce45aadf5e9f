import { addMember } from './add-member.ts'
import { listMembers } from './list-members.ts'
import { removeMember } from './remove-member.ts'
import { setRole } from './set-role.ts'

export const orgOperations = {
  listMembers,
  addMember,
  setRole,
  removeMember,
}
