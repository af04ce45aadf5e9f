import { acceptInvitation } from './accept-invitation.ts'
import { addMember } from './add-member.ts'
import { changeOrgSetting } from './change-setting.ts'
import { getSettings } from './get-settings.ts'
import { inviteMember } from './invite-member.ts'
import { listInvitations } from './list-invitations.ts'
import { listMembers } from './list-members.ts'
import { removeMember } from './remove-member.ts'
import { revokeInvitation } from './revoke-invitation.ts'
import { setRole } from './set-role.ts'

export const orgOperations = {
  listMembers,
  addMember,
  setRole,
  removeMember,
  invite: inviteMember,
  acceptInvitation,
  listInvitations,
  revokeInvitation,
  settings: getSettings,
  changeSetting: changeOrgSetting,
}
