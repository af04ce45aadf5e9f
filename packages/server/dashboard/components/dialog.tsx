import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { DialogEnds, type End } from './dialog-end.ts'
import { Form } from './form.tsx'
import { dropEdits, isUnsaved, unkeptIn } from './unsaved.ts'

interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly wide?: boolean
  readonly children: ReactNode
}

// Without a field, a dialog begins with the first button of its form, which is Cancel.
const firstField = '.dialog-body :is(input:not([type="hidden"]), textarea, select)'

/**
 * A window over the page. The browser keeps the focus in it. Escape closes it, after a question if something would be lost.
 * It ends with a named button: that of its content, or one of its own.
 */
export function Dialog({ title, open, onClose, wide = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const [isAsking, ask] = useState(false)
  const [ends, setEnds] = useState<readonly End[]>([])
  const noteEnd = useCallback((end: End) => {
    setEnds((all) => [...all, end])
    return () => setEnds((all) => all.toSpliced(all.indexOf(end), 1))
  }, [])
  useEffect(() => {
    if (!open) return dialog.current?.close()
    dialog.current?.showModal()
    const begin =
      dialog.current?.querySelector(firstField) ?? dialog.current?.querySelector('.dialog-body .form .form-end button')
    if (begin instanceof HTMLElement) begin.focus()
  }, [open])
  const leave = () => {
    if (dialog.current && isUnsaved(dialog.current)) ask(true)
    else onClose()
  }
  const end = () => {
    ask(false)
    dropEdits(dialog.current)
    onClose()
  }
  return (
    <>
      <dialog
        ref={dialog}
        className={wide ? 'dialog wide' : 'dialog'}
        aria-labelledby={id}
        {...closedBy(open, dialog, leave)}
      >
        {open && (
          <>
            <div className="dialog-head">
              <h2 id={id}>{title}</h2>
              <IconButton label="Close" icon="cross" onClick={leave} />
            </div>
            <div className="dialog-body">
              <DialogEnds value={noteEnd}>{children}</DialogEnds>
              <EndButton ends={ends} onClose={leave} onKept={end} />
            </div>
          </>
        )}
      </dialog>
      <DiscardQuestion open={isAsking} onKeep={() => ask(false)} onDiscard={end} />
    </>
  )
}

interface EndProps {
  readonly ends: readonly End[]
  readonly onClose: () => void
  /** The person says that they have the value that is shown once. */
  readonly onKept: () => void
}

function EndButton({ ends, onClose, onKept }: EndProps) {
  if (ends.includes('own button')) return null
  const isKept = ends.includes('kept')
  return (
    <div className="form-end">
      <Button look={isKept ? 'primary' : 'plain'} onClick={isKept ? onKept : onClose}>
        {isKept ? 'I saved it' : 'Close'}
      </Button>
    </div>
  )
}

/** Handlers for the events that close a dialog. They prevent that the browser closes it without a question. */
function closedBy(open: boolean, dialog: React.RefObject<HTMLDialogElement | null>, leave: () => void) {
  return {
    onKeyDown: (event: React.KeyboardEvent) => {
      // Escape also ends the input of a character that takes several keys.
      if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
      event.preventDefault()
      leave()
    },
    // The back gesture of a phone. A file field also has this event.
    onCancel: (event: React.SyntheticEvent) => {
      if (event.target !== dialog.current) return
      event.preventDefault()
      leave()
    },
    // Some browsers close a dialog at the second request, even if the page prevents it.
    onClose: () => {
      // The event comes late. By then the dialog may be open again.
      if (!open || dialog.current?.open) return
      dialog.current?.showModal()
      leave()
    },
  }
}

interface QuestionProps {
  readonly title: string
  readonly open: boolean
  /** Called for Escape. */
  readonly onKeep: () => void
  /** Hides the page behind it. */
  readonly hides?: boolean
  readonly children: ReactNode
}

/** A question over the whole page. The person must answer it. */
export function Question({ title, open, onKeep, hides = false, children }: QuestionProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      className={hides ? 'dialog question hides' : 'dialog question'}
      aria-labelledby={id}
      {...closedBy(open, dialog, onKeep)}
    >
      {open && (
        <div className="dialog-body stack">
          <h2 id={id}>{title}</h2>
          {children}
        </div>
      )}
    </dialog>
  )
}

interface DiscardProps {
  readonly open: boolean
  readonly onKeep: () => void
  readonly onDiscard: () => void
}

/** Asks before the page loses text that a person typed, or a value that is shown only once. */
export function DiscardQuestion({ open, onKeep, onDiscard }: DiscardProps) {
  const what = open ? unkeptIn(document) : null
  return (
    <Question
      title={what === null ? 'Discard what you typed?' : `${what}: did you keep it?`}
      open={open}
      onKeep={onKeep}
    >
      <p>{what === null ? 'It is not stored yet.' : 'It was not copied here, and Pawl does not show it again.'}</p>
      <div className="form-end">
        <Button look="quiet" onClick={onKeep}>
          {what === null ? 'Keep editing' : 'Go back'}
        </Button>
        <Button look="danger" onClick={onDiscard}>
          {what === null ? 'Discard' : 'I kept it'}
        </Button>
      </div>
    </Question>
  )
}

interface ConfirmProps extends Omit<DialogProps, 'wide'> {
  readonly button: string
  readonly disabled?: boolean
  readonly onConfirm: () => Promise<unknown>
}

/** Asks before something that cannot be undone. It says what will happen, and its button says what it does. */
export function Confirm({ button, disabled = false, onConfirm, children, ...dialog }: ConfirmProps) {
  const send = async () => {
    await onConfirm()
    dialog.onClose()
  }
  return (
    <Dialog {...dialog}>
      <Form onSend={send} button={button} look="danger" disabled={disabled} onCancel={dialog.onClose}>
        {children}
      </Form>
    </Dialog>
  )
}
