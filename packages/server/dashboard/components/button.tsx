import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, type ButtonHTMLAttributes, useState } from 'react'
import { noteError } from '../session.ts'
import { Icon, type IconName } from './icon.tsx'
import { sayProblem } from './toast.tsx'

type Look = 'plain' | 'primary' | 'quiet' | 'danger'

interface Shown {
  readonly look?: Look
  readonly icon?: IconName
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, Shown {
  /** The action is running: the button shows this, and cannot be pressed again. */
  readonly busy?: boolean
  /** The button cannot be pressed now, and keeps the focus: for a button that its own action switches off. */
  readonly off?: boolean
  /** The server call of the button. The button is busy during the call, and shows an error as a message. */
  readonly act?: () => Promise<unknown>
}

/** One action of the user. One button of a page or a dialog is `primary`. */
export function Button(props: ButtonProps) {
  const { look = 'plain', icon, busy = false, off = false, act, children, className = '', ...rest } = props
  const [isActing, setActing] = useState(false)
  const isBusy = busy || isActing
  const isOff = isBusy || off
  const run = (action: () => Promise<unknown>) => {
    setActing(true)
    void action()
      .catch((error) => {
        noteError(error)
        sayProblem(error)
      })
      .finally(() => setActing(false))
  }
  return (
    <button
      type="button"
      {...(act && { onClick: () => run(act) })}
      {...rest}
      // A button that is really disabled loses the focus, and the person their place on the page.
      {...(isOff && { onClick: (event) => event.preventDefault(), 'aria-disabled': true })}
      className={`button ${look} ${className}`}
      aria-busy={isBusy}
    >
      {isBusy ? <span className="spinner" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

/** A button with only an icon. Screen readers and the tooltip give its label. */
export function IconButton({ label, icon, look = 'quiet', ...rest }: ButtonProps & { label: string; icon: IconName }) {
  return <Button {...rest} look={look} icon={icon} aria-label={label} title={label} className="icon-only" />
}

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement> & Shown

function ButtonAnchor({ look = 'plain', icon, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={`button ${look}`}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  )
}

/** A link that looks like a button. */
export const ButtonLink = createLink(ButtonAnchor)
