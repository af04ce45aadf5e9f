import { minute, rfc3339 } from '../../kernel/time.ts'
import type { Settings } from '../../operations/index.ts'
import type { Letter } from '../mail/index.ts'

// The letters to people about their accounts. Each names what its reader does when the letter is unexpected.

type Server = Pick<Settings, 'publicUrl'>

const linkTo = ({ publicUrl }: Server, page: string, token: string) => `${publicUrl}/${page}?token=${token}`

export function signUpLetter(server: Server, to: string, token: string, endsAt: number): Letter {
  return {
    to,
    subject: 'Confirm your e-mail address',
    parts: [
      `An account at ${server.publicUrl} was requested with this e-mail address. Open the link to create the account.`,
      { label: 'Confirm the address', link: linkTo(server, 'verify-email', token) },
      `The link works once, until ${rfc3339(endsAt)}. If you did not request an account, ignore this message.`,
    ],
  }
}

export function knownAddressLetter(server: Server, to: string): Letter {
  return {
    to,
    subject: 'You already have an account',
    parts: [
      `An account at ${server.publicUrl} was requested with this e-mail address. You already have one.`,
      { label: 'Sign in', link: `${server.publicUrl}/login` },
      { label: 'Choose a new password', link: `${server.publicUrl}/forgot-password` },
      'If you did not request an account, ignore this message.',
    ],
  }
}

export function resetLetter(server: Server, to: string, token: string, endsAt: number): Letter {
  return {
    to,
    subject: 'Choose a new password',
    parts: [
      `A new password for your account at ${server.publicUrl} was requested.`,
      { label: 'Choose a new password', link: linkTo(server, 'reset-password', token) },
      `The link works once, until ${rfc3339(endsAt)}. If you did not request it, ignore this message: your password stays.`,
    ],
  }
}

export function signInCodeLetter(server: Server, to: string, code: string, lifeMs: number): Letter {
  return {
    to,
    subject: 'Your sign-in code',
    parts: [
      `Enter this code to sign in at ${server.publicUrl}.`,
      { copy: code },
      `The code works once, for ${lifeMs / minute} minutes. Give it to no other person. If you did not request it, ignore this message.`,
    ],
  }
}

export function newAddressLetter(server: Server, to: string, code: string, lifeMs: number): Letter {
  return {
    to,
    subject: 'Confirm your new e-mail address',
    parts: [
      `Enter this code to use this e-mail address for your account at ${server.publicUrl}.`,
      { copy: code },
      `The code works once, for ${lifeMs / minute} minutes. If you did not request it, ignore this message.`,
    ],
  }
}

export function oldAddressLetter(server: Server, to: string, newEmail: string): Letter {
  return {
    to,
    subject: 'Your e-mail address was changed',
    parts: [
      `Your account at ${server.publicUrl} now has the e-mail address ${newEmail}.`,
      'If you did not change it, tell the owner of your organisation now.',
    ],
  }
}
