import { formatEnv, parseEnv } from '@pawl/core/dotenv'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ChoiceField, Dialog, Form, Note, State, say, Table, TextField } from '../components/index.ts'
import { useValues } from './values.ts'

interface ImportProps {
  readonly vaultId: string
  readonly known: readonly { readonly path: string }[]
  readonly open: boolean
  readonly onClose: () => void
}

const shownMax = 200

/** Stores what an .env or a JSON file has, as a secret for each variable or as one bundle of variables. */
export function ImportDialog({ vaultId, known, open, onClose }: ImportProps) {
  return (
    <Dialog title="Import" wide open={open} onClose={onClose}>
      <ImportForm vaultId={vaultId} known={known} onClose={onClose} />
    </Dialog>
  )
}

function ImportForm({ vaultId, known, onClose }: Omit<ImportProps, 'open'>) {
  const cache = useQueryClient()
  const values = useValues(vaultId)
  const [text, setText] = useState('')
  const [folder, setFolder] = useState('')
  const [as, setAs] = useState<'each' | 'bundle'>('each')
  const [stored, setStored] = useState(0)
  const found = entriesOf(text)
  const prefix = folder.trim().replace(/\/*$/, '') && `${folder.trim().replace(/\/*$/, '')}/`
  const exists = new Set(known.map(({ path }) => path))
  const targets = as === 'each' ? found.map(([name]) => `${prefix}${name}`) : [`${prefix}env`]
  const send = async () => {
    if (as === 'bundle') {
      const value = formatEnv(Object.fromEntries(found))
      await values.store({ path: `${prefix}env`, value, type: 'env_bundle' })
    } else {
      for (const [at, [name, value]] of found.entries()) {
        setStored(at)
        await values.store({ path: `${prefix}${name}`, value })
      }
    }
    say(found.length === 1 ? '1 value is stored' : `${found.length} values are stored`)
    await cache.invalidateQueries({ queryKey: ['secrets', vaultId] })
    onClose()
  }
  return (
    <Form onSend={send} button={`Import ${found.length || ''}`.trim()} onCancel={onClose} disabled={found.length === 0}>
      <div className="field">
        <label htmlFor="import-text">Content</label>
        <textarea
          id="import-text"
          className="input mono"
          rows={6}
          placeholder={'OPENAI_API_KEY=sk-…\nDATABASE_URL=postgres://…'}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
        <input
          type="file"
          aria-label="Choose a file"
          accept=".env,.json,.txt"
          onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
        />
        <p className="hint">Lines of an .env file, or a JSON object. Objects in objects become folders.</p>
      </div>
      <div className="form-row">
        <TextField
          name="folder"
          label="Folder"
          mono
          placeholder="app"
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
        />
        <ChoiceField
          name="as"
          label="Store as"
          value={as}
          onChange={(event) => setAs(event.target.value === 'bundle' ? 'bundle' : 'each')}
          choices={[
            ['each', 'A secret for each value'],
            ['bundle', 'One bundle of variables'],
          ]}
        />
      </div>
      {text.trim() !== '' && found.length === 0 && (
        <Note tone="warn">This has no values. Paste lines such as KEY=value, or a JSON object.</Note>
      )}
      {found.length > 0 && (
        <Table
          label="What will be stored"
          rows={targets.slice(0, shownMax)}
          keyOf={(path) => path}
          columns={[
            { title: 'Path', cell: (path) => <span className="wrap mono">{path}</span> },
            {
              title: 'What happens',
              cell: (path) =>
                exists.has(path) ? <State tone="warn">new version</State> : <State tone="plain">new secret</State>,
            },
          ]}
        />
      )}
      {stored > 0 && (
        <div role="status">
          <progress value={stored} max={found.length} aria-label="Stored values" />
          <p className="hint">
            {stored} of {found.length}
          </p>
        </div>
      )}
    </Form>
  )
}

/** The values of a text, each with its path: of a JSON object when it is one, otherwise of .env lines. */
function entriesOf(text: string): (readonly [path: string, value: string])[] {
  if (!text.trim().startsWith('{')) return Object.entries(parseEnv(text))
  try {
    return [...leavesOf(JSON.parse(text), '')]
  } catch {
    return []
  }
}

function* leavesOf(value: unknown, path: string): Generator<readonly [string, string]> {
  if (value === null || value === undefined) return
  if (typeof value !== 'object') return yield [path, String(value)]
  if (Array.isArray(value)) return yield [path, JSON.stringify(value)]
  for (const [name, inside] of Object.entries(value)) yield* leavesOf(inside, path === '' ? name : `${path}/${name}`)
}
