import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const password = tagged('Correct-Horse-7')
const anybody = { bearer: null }
const email = 'ada@example.com'

/** What a person copies from the last message: the token of its link, or its code. */
export function sentIn({ mail }: World): string {
  const { text = '' } = mail.sent.at(-1) ?? {}
  return /\?token=(\S+)/.exec(text)?.[1] ?? /^\d{6}$/m.exec(text)?.[0] ?? ''
}

const member = async ({ owner }: World) => owner.orgs.addMember({ email, password })

export const accountExamples: ExamplesOf<'accounts'> = {
  signUp: async () => ({ who: anybody, input: { email, password } }),
  verifyEmail: async (world) => {
    await world.pawl.as(anybody).accounts.signUp({ email, password })
    await world.pawl.runJobs()
    return { who: anybody, input: { token: sentIn(world) } }
  },
  sendEmailCode: async (world) => {
    await member(world)
    return { who: anybody, input: { email } }
  },
  verifyEmailCode: async (world) => {
    await member(world)
    await world.pawl.as(anybody).accounts.sendEmailCode({ email })
    await world.pawl.runJobs()
    return { who: anybody, input: { email, code: sentIn(world) }, isShortLived: true }
  },
  forgotPassword: async (world) => {
    await member(world)
    return { who: anybody, input: { email } }
  },
  resetPassword: async (world) => {
    await member(world)
    await world.pawl.as(anybody).accounts.forgotPassword({ email })
    await world.pawl.runJobs()
    return {
      who: anybody,
      input: { token: sentIn(world), new_password: tagged('Battery-Staple-8') },
      isShortLived: true,
    }
  },
  setPassword: async ({ ownerId }) => ({ who: { user: ownerId }, input: { password, password_confirm: password } }),
  changeEmail: async (world) => {
    const { id } = await member(world)
    return { who: { user: id }, input: { new_email: 'ada@example.org', auth_confirm: password } }
  },
  verifyEmailChange: async (world) => {
    const { id } = await member(world)
    const change = { new_email: 'ada@example.org', auth_confirm: password }
    await world.pawl.as({ user: id }).accounts.changeEmail(change)
    await world.pawl.runJobs()
    return { who: { user: id }, input: { code: sentIn(world) }, isShortLived: true }
  },
  exportData: async ({ ownerId, owner }) => {
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await owner.secrets.put({ vault_id, path: 'db/password', value: tagged('hunter2') })
    return { who: { user: ownerId }, input: {} }
  },
}
