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
  readonly type?: 'text' | 'email' | 'password' | 'hidden' | 'checkbox'
  /** A list of choices: the sent value, and the shown label. */
  readonly choices?: readonly (readonly [value: string, label: string])[]
  readonly autocomplete?: string
  /** For codes: the keyboard of a phone shows digits. */
  readonly numeric?: true
  readonly optional?: true
  /** The page begins with the focus in it. If it has a value, the focus is in the next field without one. */
  readonly focus?: boolean
  readonly value?: string
  readonly hint?: string
}

/** A page whose form can be sent. */
export type SendingPage = Page & Required<Pick<Page, 'send'>>

export interface FormPage {
  readonly path: string
  readonly signedIn?: true
  readonly title: string
  readonly button: string
  /** Where the form goes. Default: the page itself. */
  readonly action?: string
  /** Another site that the answer to the form redirects to. */
  leadsTo?(visit: Visit): string | null
  /** Another button. The form then has the field `decision` with the name of the button: `yes` or `no`. */
  readonly otherButton?: string
  fields(visit: Visit): readonly Field[] | Promise<readonly Field[]>
  before?(visit: Visit): Html | Promise<Html>
  after?(visit: Visit): Html | Promise<Html>
  /** Hash sources of the scripts in `after`. Default: none. */
  readonly scripts?: readonly string[]
  /** The page for an error that other input cannot solve. Default: null, and the page shows the form again. */
  ended?(error: PawlError, visit: Visit): Reply | null
  /** The page shows a thrown error above the form. Typed values stay, except passwords. */
  send(visit: Visit, form: URLSearchParams): Promise<Reply>
}

/** A page with one form. */
export function formPage({ path, title, send, ...form }: FormPage): SendingPage {
  const show = async (visit: Visit, problem: Problem | null = null, typed = new URLSearchParams()) => {
    const before = (await form.before?.(visit)) ?? null
    const after = (await form.after?.(visit)) ?? null
    const fields = await form.fields(visit)
    const begun = focusedOf(fields, typed)
    const isShown = problem && !fields.some(({ name }) => Object.hasOwn(problem.fields, name))
    const body = html`${isShown && html`<p class="problem" role="alert">${problem.text}</p>`}
${before}
<form method="post" action="${form.action ?? visit.here}">
${fields.map((field) => fieldHtml({ ...field, focus: field === begun }, problem, typed.get(field.name)))}${buttonsOf(form)}
</form>
${after}`
    const formLeadsTo = form.leadsTo?.(visit) ?? null
    const leading = formLeadsTo === null ? {} : { formLeadsTo }
    const { scripts = [] } = form
    const failed = problem ? { status: problem.status, headers: problem.headers } : {}
    return page(title, body, { ...failed, ...leading, scripts })
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
        const end = error instanceof PawlError ? form.ended?.(error, visit) : null
        if (end) return end
        return show(visit, problem, typed)
      }
    },
  }
}

/** A page without a form, for a problem that other input cannot solve. */
export function failed({ text, status, headers }: Problem, after: Html | null = null): Reply {
  return page('The request failed', html`<p class="problem" role="alert">${text}</p>${after}`, { status, headers })
}

/** The same page, for an error. */
export function failedBy(error: PawlError, after: Html | null = null): Reply | null {
  const problem = problemOf(error)
  return problem && failed(problem, after)
}

function buttonsOf({ button, otherButton }: Pick<FormPage, 'button' | 'otherButton'>): Html {
  if (otherButton === undefined) return html`<button>${button}</button>`
  return html`<p class="row"><button name="decision" value="yes">${button}</button>
<button class="second" name="decision" value="no" formnovalidate>${otherButton}</button></p>`
}

function focusedOf(fields: readonly Field[], typed: URLSearchParams): Field | undefined {
  const from = fields.findIndex(({ focus }) => focus)
  if (from === -1) return undefined
  return fields.slice(from).find((field) => shownValueOf(field, typed.get(field.name)) === '') ?? fields[from]
}

function shownValueOf({ type, value = '' }: Field, typed: string | null): string {
  return type === 'password' ? '' : (typed ?? value)
}

function fieldHtml(field: Field, problem: Problem | null, typed: string | null): Html {
  const { name, label, type = 'text', autocomplete = 'off', numeric, optional, focus, hint } = field
  const value = shownValueOf(field, typed)
  if (field.choices) return selectHtml(field, field.choices, value)
  if (type === 'checkbox') {
    const isOn = typed !== null || field.value === 'yes'
    return html`<label><input type="checkbox" name="${name}" value="yes"${isOn && html` checked`}>${label}</label>\n`
  }
  if (type === 'hidden') return html`<input type="hidden" name="${name}" value="${value}">\n`
  const wrong = problem && Object.hasOwn(problem.fields, name) && problem.fields[name]
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"${numeric && html` inputmode="numeric"`}${
    !optional && html` required`
  }${focus && html` autofocus`}${wrong && html` aria-invalid="true"`}${hint && html` aria-describedby="${name}-hint"`}>
${
  wrong &&
  html`<p class="problem" role="alert">${label} ${wrong}.</p>
`
}${hint && html`<p class="quiet" id="${name}-hint">${hint}</p>\n`}`
}

function selectHtml({ name, label, hint }: Field, choices: NonNullable<Field['choices']>, chosen: string): Html {
  return html`<label for="${name}">${label}</label>
<select id="${name}" name="${name}">
${choices.map(([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>\n`)}</select>
${hint && html`<p class="quiet">${hint}</p>\n`}`
}
