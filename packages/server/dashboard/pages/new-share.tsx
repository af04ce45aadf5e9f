import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, base } from '../api.ts'
import { ownVaults } from '../asked.ts'
import { ChoiceField, Code, Form, ShownOnce, TextField, textIn, timeIn } from '../components/index.ts'

interface NewShareProps {
  /** The secret to share. Default: the form asks. */
  readonly of?: { readonly vault_id: string; readonly secret_path: string }
  readonly onDone: () => Promise<unknown>
  readonly onClose: () => void
}

/** Gives one secret to one person, or to anyone with the link. */
export function NewShare({ of, onDone, onClose }: NewShareProps) {
  const known = useQuery(ownVaults).data ?? []
  const [isLink, setLink] = useState(false)
  const [link, setMade] = useState<string | null>(null)
  const send = async (data: FormData) => {
    const [email, passphrase, reads] = [textIn(data, 'email'), textIn(data, 'passphrase'), textIn(data, 'reads')]
    const made = await api.sharing.createByPath({
      ...(of ?? { vault_id: textIn(data, 'vault_id') ?? '', secret_path: textIn(data, 'secret_path') ?? '' }),
      recipient_type: isLink ? 'anyone_with_link' : 'external_email',
      ...(email && { email }),
      ...(passphrase && { passphrase }),
      ...(reads && { max_access_count: Number(reads) }),
      expires_at: timeIn(data, 'expires_at'),
    })
    setMade(made.share_url)
    await onDone()
  }
  if (link !== null) {
    return (
      <div className="stack">
        <p>
          {isLink ? 'Anyone with the link can read the secret.' : 'The recipient signs in here and accepts the share.'}
        </p>
        {link ? (
          <ShownOnce value={link} what="Link" hint="Send it to the recipient." />
        ) : (
          <Code what="Link" text={new URL(base, location.href).href} />
        )}
      </div>
    )
  }
  return (
    <Form onSend={send} button="Share it" onCancel={onClose}>
      {!of && (
        <div className="form-row">
          <ChoiceField name="vault_id" label="Vault" choices={known.map(({ id, name }) => [id, name] as const)} />
          <TextField name="secret_path" label="Path" mono required placeholder="db/password" />
        </div>
      )}
      <ChoiceField
        name="for"
        label="For"
        onChange={(event) => setLink(event.target.value === 'link')}
        choices={[
          ['email', 'one person'],
          ['link', 'anyone with the link'],
        ]}
      />
      {!isLink && <TextField name="email" label="E-mail address" type="email" required />}
      <div className="form-row">
        <TextField name="expires_at" label="Expires" type="date" hint="Empty: after 24 hours." />
        <TextField name="reads" label="Reads" type="number" min={1} hint="Empty: any number." />
      </div>
      <TextField
        name="passphrase"
        label="Passphrase"
        type="password"
        autoComplete="off"
        hint="Optional. Tell it to the recipient in another way."
      />
    </Form>
  )
}
