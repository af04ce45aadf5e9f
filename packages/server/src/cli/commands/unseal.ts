import { publicUrlOf, readConfig } from '../../host/index.ts'
import { answersFrom } from '../answers.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import type { Terminal } from '../terminal.ts'

/** `pawl unseal` */
export const unseal = command({
  help: () => [
    'Asks for a share without showing it. Without a terminal, reads one share per line from standard input.',
    'Contacts the server at PAWL_PUBLIC_URL, or at PAWL_HOST and PAWL_PORT, so custodians can use their own machines.',
    'Unseal several servers one by one. After ten minutes without a new share, the server forgets the entered shares.',
    'Exits with 0 when the vault is open, and with 1 if the input ends before that.',
  ],
  run: async (_, terminal) => {
    return enterShares(publicUrlOf(readConfig(terminal.env)), terminal)
  },
})

async function enterShares(url: string, terminal: Terminal): Promise<number> {
  const answers = answersFrom(terminal)
  let status = await ask(url, '/v1/seal')
  while (status.sealed) {
    if (status.threshold === null)
      throw new Error('The root key of this vault is not split into shares. Restart the server.')
    const share = await answers(`Share ${status.progress + 1} of ${status.threshold}: `)
    if (share === null) return exits.failed
    status = await entered(url, share, status, terminal)
  }
  terminal.out('The vault is open.')
  return exits.ok
}

interface Status {
  readonly sealed: boolean
  readonly threshold: number | null
  readonly progress: number
}

/** A refused share changes nothing. An error of the server ends the command. */
async function entered(url: string, share: string, before: Status, terminal: Terminal): Promise<Status> {
  try {
    const status = await ask(url, '/v1/unseal', { share })
    if (status.sealed) terminal.out(`${status.progress} of ${status.threshold} shares.`)
    return status
  } catch (error) {
    if (!(error instanceof RequestRejected)) throw error
    terminal.error(error.message)
    return before
  }
}

class RequestRejected extends Error {}

async function ask(url: string, path: string, body?: unknown): Promise<Status> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url + path, { ...sent, headers, redirect: 'error' }).catch(() => {
    throw new Error(`No server answers at ${url}. Set PAWL_PUBLIC_URL to the address of the server.`)
  })
  const told = (await answer.json().catch(() => ({}))) as Status & { readonly detail?: string }
  if (answer.ok) return told
  const reason = told.detail ?? `The server at ${url} answered with status ${answer.status}.`
  throw answer.status < 500 ? new RequestRejected(reason) : new Error(reason)
}
