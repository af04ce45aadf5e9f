import { createContext, type InputHTMLAttributes, type ReactNode, useContext, useId, useRef, useState } from 'react'
import { type Problem, problemOf } from '../api.ts'
import { noteError } from '../session.ts'
import { Button } from './button.tsx'
import { useDialogEnd } from './dialog-end.ts'
import { Icon } from './icon.tsx'
import { dropEdits, noteFocus, noteInput, noteSent } from './unsaved.ts'

const Problems = createContext<Problem | null>(null)

interface FormProps {
  /** Sends the form. If it throws, the form shows the error and keeps the typed values. */
  readonly onSend: (data: FormData) => Promise<unknown>
  readonly button: string
  readonly look?: 'primary' | 'danger'
  readonly onCancel?: () => void
  readonly disabled?: boolean
  readonly children: ReactNode
}

/** A form. A field that the server names in its answer shows its error. */
export function Form({ onSend, button, look = 'primary', onCancel, disabled = false, children }: FormProps) {
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useDialogEnd(onCancel ? 'own button' : null)
  const send = async (sent: HTMLFormElement) => {
    setBusy(true)
    setProblem(null)
    const note = noteSent(sent)
    try {
      await onSend(new FormData(sent))
      note(true)
    } catch (error) {
      note(false)
      noteError(error)
      setProblem(problemOf(error))
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
    } finally {
      setBusy(false)
    }
  }
  const cancel = () => {
    dropEdits(form.current)
    onCancel?.()
  }
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void send(event.currentTarget)
  }
  return (
    <Problems value={problem}>
      <form ref={form} className="form" onSubmit={submit} onFocus={noteFocus} onInput={noteInput}>
        {children}
        <FormProblem form={form} />
        <div className="form-end">
          {onCancel && (
            <Button look="quiet" onClick={cancel}>
              Cancel
            </Button>
          )}
          <Button type="submit" look={look} busy={busy} disabled={disabled}>
            {button}
          </Button>
        </div>
      </form>
    </Problems>
  )
}

/** An error of the whole form, or of a field that the form does not show. */
function FormProblem({ form }: { readonly form: React.RefObject<HTMLFormElement | null> }) {
  const problem = useContext(Problems)
  if (!problem) return null
  const isShown = (name: string) => form.current?.elements.namedItem(name) !== null
  const hidden = Object.entries(problem.fields).filter(([name]) => !isShown(name))
  if (Object.keys(problem.fields).length > 0 && hidden.length === 0) return null
  const text = hidden.length > 0 ? hidden.map(([name, what]) => `${name} ${what}.`).join(' ') : problem.text
  return (
    <p className="problem" role="alert">
      <Icon name="warn" />
      {text}
    </p>
  )
}

interface Labelled {
  readonly name: string
  readonly label: string
  readonly hint?: ReactNode
}

/** The label, the hint and the problem of a field, tied to its control. */
function Field({
  name,
  label,
  hint,
  children,
}: Labelled & { readonly children: (tied: Record<string, string | boolean | undefined>) => ReactNode }) {
  const id = useId()
  const wrong = useContext(Problems)?.fields[name]
  const about = [wrong && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-invalid': wrong ? 'true' : undefined, 'aria-describedby': about || undefined })}
      {wrong && (
        <p className="problem" id={`${id}-wrong`} role="alert">
          {label} {wrong}.
        </p>
      )}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

type TextProps = Labelled & Omit<InputHTMLAttributes<HTMLInputElement>, 'name'> & { readonly mono?: boolean }

/** One line of text. */
export function TextField({ name, label, hint, mono = false, ...rest }: TextProps) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(tied) => <input autoComplete="off" {...rest} {...tied} className={`input ${mono ? 'mono' : ''}`} />}
    </Field>
  )
}

type AreaProps = Labelled &
  Omit<React.TextareaHTMLAttributes<HTMLTextAreaElement>, 'name'> & { readonly mono?: boolean }

/** Several lines of text. */
export function AreaField({ name, label, hint, mono = false, ...rest }: AreaProps) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(tied) => (
        <textarea autoComplete="off" spellCheck={false} {...rest} {...tied} className={`input ${mono ? 'mono' : ''}`} />
      )}
    </Field>
  )
}

type ChoiceProps = Labelled &
  Omit<React.SelectHTMLAttributes<HTMLSelectElement>, 'name'> & {
    readonly choices: readonly (readonly [value: string, text: string])[]
  }

/** One of a few. */
export function ChoiceField({ name, label, hint, choices, ...rest }: ChoiceProps) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(tied) => (
        <select {...rest} {...tied} className="input">
          {choices.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** Yes or no. */
export function CheckField({ label, hint, ...rest }: InputHTMLAttributes<HTMLInputElement> & Labelled) {
  return (
    <label className="check">
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint && <span className="hint"> {hint}</span>}
      </span>
    </label>
  )
}

/** A field of a form, without the spaces around it; undefined when it is empty. */
export function textIn(data: FormData, name: string): string | undefined {
  const value = data.get(name)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** A day of a date field as the time when it begins, in the time zone of the person. */
export function timeIn(data: FormData, name: string): string | undefined {
  const day = textIn(data, name)
  return day && new Date(`${day}T00:00`).toISOString()
}
