import { rfc3339 } from '../../kernel/time.ts'
import type { Settings } from '../../operations/index.ts'
import type { Letter } from '../mail/index.ts'
import type { Enrolment } from './pending.ts'

type Server = Pick<Settings, 'publicUrl'>

export function approvalUrl({ publicUrl }: Server, token: string): string {
  return `${publicUrl}/agents/enroll/approve?token=${token}`
}

/** The description is not in it: a stranger must not be able to send text of any length to a mailbox. */
export function requestLetter(
  server: Server,
  to: string,
  { name }: Pick<Enrolment, 'name'>,
  token: string,
  endsAt: number,
): Letter {
  return {
    to,
    subject: 'An agent asks for access',
    parts: [
      `A program asks for an identity at ${server.publicUrl}, as an agent of yours with this name:`,
      { copy: name },
      { label: 'See the request, then allow it', link: approvalUrl(server, token) },
      { label: 'Deny it', link: `${server.publicUrl}/agents/enroll/deny?token=${token}` },
      `The request ends at ${rfc3339(endsAt)}. If you do not know the program, deny it or ignore this message.`,
    ],
  }
}

export function keyLetter(
  server: Server,
  to: string,
  { id, name, key }: { readonly id: string; readonly name: string; readonly key: string },
): Letter {
  return {
    to,
    subject: `The API key of ${name}`,
    parts: [
      `You allowed the agent ${name} at ${server.publicUrl}. Give it these two values, and then delete this message.`,
      { copy: `PAWL_AGENT_ID=${id}` },
      { copy: `PAWL_API_KEY=${key}` },
      `If the key becomes known, replace it: npx pawl agent rotate-key ${id}`,
    ],
  }
}
