import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Button, ChoiceField, Dialog, Form, say, TextField, textIn, timeIn } from '../components/index.ts'
import { generated } from './generated.ts'
import { useValues } from './values.ts'

const types = [
  ['', 'Generic'],
  ['api_key', 'API key'],
  ['password', 'Password'],
  ['private_key', 'Private key'],
  ['ssh_key', 'SSH key'],
  ['certificate', 'Certificate'],
  ['env_bundle', 'Variables (KEY=value lines)'],
  ['note', 'Note'],
] as const

interface NewSecretProps {
  readonly vaultId: string
  /** Stores a new version at this path. Default: a new secret. */
  readonly path?: string
  readonly type?: string
  readonly open: boolean
  readonly onClose: () => void
  readonly onStored?: (path: string) => void
}

/** Stores a secret, or a new version of one. */
export function NewSecretDialog({ vaultId, path, type, open, onClose, onStored }: NewSecretProps) {
  const cache = useQueryClient()
  const values = useValues(vaultId)
  const value = useRef<HTMLTextAreaElement>(null)
  const [isHidden, setHidden] = useState(true)
  const send = async (data: FormData) => {
    const at = path ?? textIn(data, 'path') ?? ''
    const stored = await values.store({
      path: at,
      value: value.current?.value ?? '',
      type: textIn(data, 'type'),
      expires_at: timeIn(data, 'expires_at'),
      ...(path !== undefined && { must_exist: true }),
    })
    say(`Version ${stored.version} of ${at} is stored`)
    await cache.invalidateQueries({ queryKey: ['secrets', vaultId] })
    onClose()
    onStored?.(at)
  }
  const generate = () => {
    if (value.current) value.current.value = generated()
  }
  return (
    <Dialog title={path === undefined ? 'New secret' : 'New version'} open={open} onClose={onClose}>
      <Form onSend={send} button="Store" onCancel={onClose}>
        {path === undefined ? (
          <TextField name="path" label="Path" required mono placeholder="db/password" hint="Slashes make folders." />
        ) : (
          <p className="mono wrap">{path}</p>
        )}
        <div className="field">
          <label htmlFor="new-value">Value</label>
          <textarea
            id="new-value"
            ref={value}
            className={isHidden ? 'input mono hidden-text' : 'input mono'}
            required
            spellCheck={false}
            autoComplete="off"
          />
          <div className="row">
            <Button look="quiet" icon="dice" onClick={generate}>
              Generate
            </Button>
            <Button look="quiet" icon={isHidden ? 'eye' : 'hide'} onClick={() => setHidden(!isHidden)}>
              {isHidden ? 'Show' : 'Hide'}
            </Button>
          </div>
        </div>
        <div className="form-row">
          <ChoiceField name="type" label="Type" choices={types} defaultValue={type ?? ''} />
          <TextField name="expires_at" label="Expires" type="date" hint="Optional. Reads fail from that day on." />
        </div>
      </Form>
    </Dialog>
  )
}
