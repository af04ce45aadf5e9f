import { brokenRules, passwordRules } from '@pawl/core/password-rules'
import { useState } from 'react'
import { TextField } from './form.tsx'
import { Icon } from './icon.tsx'

interface PasswordProps {
  readonly name: string
  readonly label: string
}

/** A new password, with the rules and what is still missing. */
export function NewPasswordField({ name, label }: PasswordProps) {
  const [text, setText] = useState('')
  // Before the person types, no rule is broken yet.
  const broken = new Set(text === '' ? [] : brokenRules(text))
  const isMet = (rule: string) => text !== '' && !broken.has(rule)
  return (
    <div className="stack tight">
      <TextField
        name={name}
        label={label}
        type="password"
        autoComplete="new-password"
        required
        hint="A password has:"
        onChange={(event) => setText(event.target.value)}
      />
      <ul className="rules hint">
        {passwordRules.map(({ text: rule }) => (
          <li key={rule} className={isMet(rule) ? 'met' : ''}>
            <Icon name={isMet(rule) ? 'check' : 'right'} />
            {rule}
            {broken.has(rule) && <span className="unseen"> (missing)</span>}
          </li>
        ))}
      </ul>
      <p className="unseen" role="status">
        {text !== '' && stateOf(broken.size)}
      </p>
    </div>
  )
}

function stateOf(broken: number): string {
  if (broken === 0) return 'The password meets all rules.'
  return broken === 1 ? 'One rule is not met yet.' : `${broken} rules are not met yet.`
}
