import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'
import { Form } from './form.tsx'

interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly wide?: boolean
  readonly children: ReactNode
}

/** A window over the page. The browser keeps the focus in it, and Escape closes it. */
export function Dialog({ title, open, onClose, wide = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return dialog.current?.close()
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>('.dialog-body :is(input, textarea, select)')?.focus()
  }, [open])
  return (
    <dialog ref={dialog} className={wide ? 'dialog wide' : 'dialog'} aria-labelledby={id} onClose={onClose}>
      {open && (
        <>
          <div className="dialog-head">
            <h2 id={id}>{title}</h2>
            <IconButton label="Close" icon="cross" onClick={onClose} />
          </div>
          <div className="dialog-body">{children}</div>
        </>
      )}
    </dialog>
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
