import * as z from 'zod'
import { AfterCommit, confirmField, confirmHeader, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { ExportBody, exportOf } from '../export.ts'

export const exportData = operation({
  name: 'accounts.exportData',
  summary: 'Get a copy of your profile and your data. The copy has no values of secrets and keys.',
  http: {
    method: 'POST',
    path: '/v1/auth/export-data',
    status: 200,
    id: 'exportUserData',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'account export', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'account.export' },
  audit: { action: 'user.export', resource: 'user' },
  input: z.object({ auth_confirm: confirmField() }),
  output: ExportBody,
  errors: [notAuthenticated],
  run: (context) => {
    const user = currentUser(context)
    const org = context.unit.org ?? ''
    return new AfterCommit({ id: user.id }, (engine) => exportOf(engine, org, user))
  },
})
