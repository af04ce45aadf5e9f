import { formatEnv, readEnv } from '@pawl/core/dotenv'
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
/** Maximum number of lines and names that a note lists. */
const linesNamed = 5

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
  const { found, repeated, unreadable } = contentOf(text)
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
    <Form
      onSend={send}
      button={`Import ${found.length || ''}`.trim()}
      onCancel={onClose}
      disabled={found.length === 0 || unreadable.length > 0}
    >
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
      {unreadable.length > 0 && (
        <Note tone="warn">
          Line {unreadable.slice(0, linesNamed).join(', ')} is not a comment and not NAME=value. Correct it, so that no
          value is lost.
        </Note>
      )}
      {repeated.length > 0 && (
        <Note>The text has {repeated.slice(0, linesNamed).join(', ')} more than once. The last value counts.</Note>
      )}
      {text.trim() !== '' && found.length === 0 && unreadable.length === 0 && (
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

interface Content {
  /** The values, each with its path. */
  readonly found: readonly (readonly [path: string, value: string])[]
  readonly repeated: readonly string[]
  /** Numbers of the lines that hold no value. */
  readonly unreadable: readonly number[]
}

/** What a text has: a JSON object when it is one, otherwise .env lines. */
function contentOf(text: string): Content {
  if (!text.trim().startsWith('{')) {
    const { env, ...problems } = readEnv(text)
    return { found: Object.entries(env), ...problems }
  }
  const found = (all: Content['found']) => ({ found: all, repeated: [], unreadable: [] })
  try {
    return found([...leavesOf(JSON.parse(text), '')])
  } catch {
    return found([])
  }
}

function* leavesOf(value: unknown, path: string): Generator<readonly [string, string]> {
  if (value === null || value === undefined) return
  if (typeof value !== 'object') return yield [path, String(value)]
  if (Array.isArray(value)) return yield [path, JSON.stringify(value)]
  for (const [name, inside] of Object.entries(value)) yield* leavesOf(inside, path === '' ? name : `${path}/${name}`)
}
