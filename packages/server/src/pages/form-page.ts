import { PawlError } from '@pawl/core'
import { type Html, html } from '@pawl/core/surfaces'
import { page, type Reply } from './layout.ts'
import { type Problem, problemOf, type Visit } from './visit.ts'

/** A page at one path: how it looks, and what its form does. */
export interface Page {
  readonly path: string
  /** The visitor must sign in first. */
  readonly signedIn?: true
  show(visit: Visit): Reply | Promise<Reply>
  send?(visit: Visit, form: URLSearchParams): Promise<Reply>
}

/** One field of a form. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'email' | 'password' | 'hidden'
  readonly autocomplete?: string
  /** For codes: the keyboard of a phone shows digits. */
  readonly numeric?: true
  readonly optional?: true
  readonly value?: string
  readonly hint?: string
}

export interface FormPage {
  readonly path: string
  readonly signedIn?: true
  readonly title: string
  readonly button: string
  fields(visit: Visit): readonly Field[]
  before?(visit: Visit): Html | Promise<Html>
  after?(visit: Visit): Html | Promise<Html>
  /** What it throws is shown above the form. What was typed stays, except passwords. */
  send(visit: Visit, form: URLSearchParams): Promise<Reply>
}

/** A page with one form. */
export function formPage({ path, title, send, ...form }: FormPage): Page {
  const show = async (visit: Visit, problem: Problem | null = null, typed = new URLSearchParams()) => {
    const before = (await form.before?.(visit)) ?? null
    const after = (await form.after?.(visit)) ?? null
    const fields = form.fields(visit).map((field) => fieldHtml(field, problem, typed.get(field.name)))
    const isShown = problem && !form.fields(visit).some(({ name }) => Object.hasOwn(problem.fields, name))
    const body = html`${isShown && html`<p class="problem" role="alert">${problem.text}</p>`}
${before}
<form method="post" action="${visit.here}">
${fields}<button>${form.button}</button>
</form>
${after}`
    return page(title, body, problem ? { status: problem.status, headers: problem.headers } : {})
  }
  return {
    path,
    ...(form.signedIn ? { signedIn: true } : {}),
    show: (visit) => show(visit),
    send: async (visit, typed) => {
      try {
        return await send(visit, typed)
      } catch (error) {
        const problem = problemOf(error)
        // The session has ended, so the visitor signs in again first.
        const isOver = form.signedIn && error instanceof PawlError && error.kind === 'unauthenticated'
        if (!problem || isOver) throw error
        return show(visit, problem, typed)
      }
    },
  }
}

function fieldHtml(field: Field, problem: Problem | null, typed: string | null): Html {
  const { name, label, type = 'text', autocomplete = 'off', numeric, optional, hint } = field
  const value = type === 'password' ? '' : (typed ?? field.value ?? '')
  if (type === 'hidden') return html`<input type="hidden" name="${name}" value="${value}">\n`
  const wrong = problem && Object.hasOwn(problem.fields, name) && problem.fields[name]
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"${numeric && html` inputmode="numeric"`}${
    !optional && html` required`
  }${wrong && html` aria-invalid="true"`}${hint && html` aria-describedby="${name}-hint"`}>
${
  wrong &&
  html`<p class="problem" role="alert">${label} ${wrong}.</p>
`
}${hint && html`<p class="quiet" id="${name}-hint">${hint}</p>\n`}`
}
