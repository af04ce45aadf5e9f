import { PawlError } from '@pawl/core'
import { html } from '@pawl/core/surfaces'
import { type Field, formPage, type Page } from './form-page.ts'
import { page, type Reply, seeOther } from './layout.ts'
import { signInFirst } from './sessions.ts'
import { unlocked, withPasskey } from './unlock.ts'
import { problemOf, type Visit } from './visit.ts'

// A shared secret, for users. Opening the link changes nothing and shows nothing, not even whether the share exists, because
// mail scanners and chat previews open links. The click on the button shows the value.

type Asked = 'passphrase' | 'client_share'

const asked: Readonly<Record<Asked, Field>> = {
  passphrase: { name: 'passphrase', label: 'Passphrase', type: 'password' },
  client_share: { name: 'client_share', label: 'Client share', type: 'password' },
}

/** The next question after an error code, and the message about the last input. */
const asksFor: Readonly<Record<string, readonly [Asked, string | null]>> = {
  passphrase_missing: ['passphrase', null],
  passphrase_wrong: ['passphrase', 'is wrong. After 10 wrong ones, the share is locked'],
  client_share_missing: ['client_share', null],
  client_share_wrong: ['client_share', 'is wrong'],
}

const form = (fields: readonly Asked[]) =>
  formPage({
    path: '/v1/share/{share_id}',
    title: 'A secret was shared with you',
    button: 'Show the secret',
    before:
      () => html`<p>If the share has not ended, the next page shows the secret. Showing it can use up one of its reads.
Make sure that only you see your screen.</p>`,
    fields: () => fields.map((name) => asked[name]),
    ended: endedBy,
    send: (visit, given) => withPasskey(visit, () => reveal(visit, fields, given)),
  })

const advice = {
  gone: 'Ask the person who shared the secret for a new share.',
  not_found: 'Check that the link is complete. If it is, ask the person who shared the secret for a new share.',
  used_up:
    'If you did not read it, tell the sender at once: another person used the link. Otherwise, ask for a new share.',
} as const

/** The page for a share that no input opens: what happened, and what to do. */
function endedBy(error: PawlError): Reply | null {
  const { kind, code, data } = error
  const problem = problemOf(error)
  if (!problem || (kind !== 'gone' && kind !== 'not_found')) return null
  const { reason } = (data ?? {}) as { readonly reason?: string }
  const title = kind === 'gone' ? 'This share has ended' : 'This share cannot be opened'
  const next = code === 'share_gone' && reason === 'used_up' ? advice.used_up : advice[kind]
  const body = html`<p class="problem" role="alert">${problem.text}</p><p>${next}</p>`
  return page(title, body, { status: problem.status, headers: problem.headers })
}

async function reveal(visit: Visit, fields: readonly Asked[], given: URLSearchParams): Promise<Reply> {
  const share_id = idOf(visit)
  const proofs = Object.fromEntries(fields.map((name) => [name, given.get(name) ?? '']))
  try {
    return shown(await accessed(visit, { share_id, ...proofs, ...unlocked(visit) }))
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    if (error.code === 'not_authenticated') return signInFirst(visit)
    const [field, problem] = asksFor[error.code] ?? []
    if (!field) throw error
    if (problem) throw new PawlError(error.kind, error.code, error.message, { fields: { [field]: problem } })
    return form([...fields.filter((name) => name !== field), field]).show(visit)
  }
}

function idOf({ here }: Visit): string {
  return here.split('?')[0]?.split('/').at(-1) ?? ''
}

type Input = Parameters<Visit['as']['sharing']['access']>[0]
type Shared = Awaited<ReturnType<Visit['as']['sharing']['access']>>

/** The click of the named recipient accepts the share. */
async function accessed({ as }: Visit, input: Input): Promise<Shared> {
  try {
    return await as.sharing.access(input)
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'share_not_accepted') throw error
    await as.sharing.accept({ share_id: input.share_id })
    return as.sharing.access(input)
  }
}

function shown({ path, value, access_count, max_access_count }: Shared): Reply {
  return page(
    'The shared secret',
    html`<p><code>${path}</code></p>
<p class="code copy">${value.reveal()}</p>
<p class="quiet">One click selects it, to copy it. ${
      max_access_count === 0 ? '' : `This was read ${access_count} of ${max_access_count}. `
    }Close this page when you are done.</p>`,
  )
}

/** `/v1/share` gives the page only to clients that accept HTML. `/share` gives JSON only to clients that ask for it (V1). */
const paths = ['/share/{share_id}', '/v1/share/{share_id}']

const pageAt = (path: string): Page => ({
  path,
  show: (visit) => (visit.wantsJson ? seeOther(visit.to(`/v1/share/${idOf(visit)}`)) : form([]).show(visit)),
  send: (visit, given) => {
    const fields = (['passphrase', 'client_share'] as const).filter((name) => given.has(name))
    return form(fields).send(visit, given)
  },
})

export const sharePages: readonly Page[] = paths.map(pageAt)
