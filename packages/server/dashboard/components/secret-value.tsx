import { useEffect, useRef, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { CopyButton } from './code.tsx'
import { useDialogEnd } from './dialog-end.ts'
import { ProblemText } from './state.tsx'
import { noteCopied, noteShownOnce } from './unsaved.ts'

const shownMs = 60_000

interface SecretValueProps {
  /** Asks the server for the value, which leaves an audit event. */
  readonly read: () => Promise<string>
  readonly what: string
}

/** A value that is hidden until the user shows it. It hides again after a minute, and when the user leaves the page. */
export function SecretValue({ read, what }: SecretValueProps) {
  const [value, setValue] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (value === null) return
    const hide = () => setValue(null)
    const hideUnseen = () => document.visibilityState === 'hidden' && hide()
    const timer = setTimeout(hide, shownMs)
    document.addEventListener('visibilitychange', hideUnseen)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', hideUnseen)
    }
  }, [value])
  const reveal = async () => {
    setBusy(true)
    setError(null)
    await read()
      .then(setValue, setError)
      .finally(() => setBusy(false))
  }
  return (
    <div className="stack tight">
      <div className="secret" data-focus="">
        <div className={value === null ? 'secret-text masked' : 'secret-text'} data-testid="value">
          {value === null ? (
            <>
              <span aria-hidden="true">••••••••••••••••</span>
              <span className="unseen">{what} is hidden.</span>
            </>
          ) : (
            value
          )}
        </div>
        {value === null ? (
          <Button icon="eye" busy={busy} onClick={() => void reveal()}>
            Reveal
          </Button>
        ) : (
          <>
            <CopyButton text={value} what={what} />
            <IconButton label="Hide" icon="hide" onClick={() => setValue(null)} />
          </>
        )}
      </div>
      {error !== null && <ProblemText error={error} />}
    </div>
  )
}

interface ShownOnceProps {
  readonly value: string
  readonly what: string
  /** Whether something is lost with it. A value that is not in use yet can be made again. */
  readonly isInUse?: boolean
  /** Default: for a credential of a program. */
  readonly hint?: string
}

/** A new credential that the server shows only once. Its page asks before it closes, until a person has kept the value. */
export function ShownOnce({
  value,
  what,
  isInUse = true,
  hint = 'Keep it where the program that needs it reads it.',
}: ShownOnceProps) {
  const text = useRef<HTMLDivElement>(null)
  useDialogEnd(isInUse ? 'kept' : null)
  useEffect(() => {
    if (!isInUse || !text.current) return
    // The button that made the value goes.
    text.current.parentElement?.querySelector('button')?.focus()
    return noteShownOnce(text.current, { value, what })
  }, [value, what, isInUse])
  return (
    <div className="stack tight">
      <div className="secret">
        <div
          ref={text}
          className="secret-text"
          data-testid="shown-once"
          onCopy={() => noteCopied(String(getSelection()).trim())}
        >
          {value}
        </div>
        <CopyButton text={value} what={what} />
      </div>
      <p className="hint">Pawl shows it only now. {hint}</p>
    </div>
  )
}
