import { signWithPasskey } from 'virtual:passkeys'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { ChoiceField, TextField, textIn } from './form.tsx'
import { ProblemText } from './state.tsx'

const words = { password: 'Your password', totp: 'A code of your authenticator app', passkey: 'Your passkey' } as const

type Method = keyof typeof words

interface ProofProps {
  readonly purpose: string
  /** The form begins with the proof, which has the focus. */
  readonly isFirst?: boolean
}

/**
 * Fields of a form with which a person proves again who they are. `proofFrom` makes the token of them when the form is
 * sent. A stolen session is not enough for what asks for it.
 */
export function ProofFields({ purpose, isFirst = false }: ProofProps) {
  const [chosen, choose] = useState<Method | null>(null)
  const asked = useQuery({
    queryKey: ['me', 'proof', purpose],
    queryFn: () => api.factors.beginReauth({ purpose }),
    staleTime: 0,
  })
  if (asked.error) return <ProblemText error={asked.error} onRetry={() => asked.refetch()} />
  const methods = asked.data?.methods ?? []
  const method = chosen ?? asked.data?.method ?? 'password'
  return (
    <>
      {methods.length > 1 ? (
        <ChoiceField
          name="proof_method"
          label="Prove that it is you"
          value={method}
          onChange={(event) => choose(event.target.value as Method)}
          choices={methods.map((one) => [one, words[one]] as const)}
        />
      ) : (
        <input type="hidden" name="proof_method" value={method} />
      )}
      {method === 'password' && (
        <TextField
          name="proof_password"
          label="Your password"
          type="password"
          autoFocus={isFirst}
          autoComplete="current-password"
          required
          hint="Pawl asks again, so that a stolen session is not enough."
        />
      )}
      {method === 'totp' && (
        <TextField
          name="code"
          label="Code of your authenticator app"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus={isFirst}
          required
        />
      )}
      {method === 'passkey' && (
        <p className="hint" tabIndex={-1} ref={isFirst ? focusOn : null}>
          The browser asks for your passkey when you go on.
        </p>
      )}
    </>
  )
}

/** The token for `auth_confirm`, from the fields of `ProofFields`. It is for one call. */
export async function proofFrom(data: FormData, purpose: string): Promise<string> {
  const method = (textIn(data, 'proof_method') ?? 'password') as Method
  const { reauth_token } = await api.factors.completeReauth({
    purpose,
    method,
    ...(await provenBy(method, data, purpose)),
  })
  return reauth_token.reveal()
}

async function provenBy(method: Method, data: FormData, purpose: string) {
  if (method === 'password') return { password: String(data.get('proof_password')) }
  if (method === 'totp') return { code: textIn(data, 'code') ?? '' }
  return signWithPasskey(await api.factors.beginReauth({ purpose, method }))
}

const focusOn = (element: HTMLElement | null) => element?.focus()
