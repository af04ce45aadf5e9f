import { defineError } from '../../kernel/errors.ts'

export const policyNotFound = defineError('policy_not_found', 'not_found', 'The vault has no policy with this ID.')
