import * as z from 'zod'
import { limits } from '../../kernel/limits.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { canonicalEmail, isEmail, type User } from './records.ts'

/** A member of the organisation, for other members. */
export const MemberBody = z
  .object({
    id: fields.id(),
    email: z.string(),
    display_name: z.string(),
    role: z.enum(['owner', 'admin', 'member']),
    auth_method: z.string(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'OrgMember' })

export type MemberBody = z.infer<typeof MemberBody>

export function memberBody({ id, email, displayName, role, authMethod, createdAt }: User): MemberBody {
  return {
    id,
    email,
    display_name: displayName,
    role,
    auth_method: authMethod,
    created_at: rfc3339(createdAt),
  }
}

export function roleField() {
  return z.enum(['owner', 'admin', 'member'], 'must be owner, admin or member')
}

/** The display name of a user. It can be empty. */
export function displayNameField() {
  return fields.plainText(limits.nameCharactersMax).transform((given) => given.trim())
}

/** An e-mail address in its canonical form. */
export function emailField() {
  return fields
    .text(emailCharactersMax)
    .transform(canonicalEmail)
    .refine(isEmail, 'must be an e-mail address')
    .meta({ format: 'email' })
}

export const emailCharactersMax = 320
