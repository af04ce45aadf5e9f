import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { api } from '../api.ts'
import { unusedGrants } from '../asked.ts'
import { Answer, Button, Empty, Note, Pager, State, TextField, useSettled, Waiting } from '../components/index.ts'
import { type Chosen, ReachGrid } from './reach-grid.tsx'
import { Mark } from './reach-marks.tsx'
import { useReasons } from './reason.ts'
import { Toolbar } from './toolbar.tsx'
import { UnusedGrants } from './unused-grants.tsx'

const shownAtOnce = 50

type When = { readonly at?: string }

/** What a person asks for. All but the page, since another question begins with its first page. */
interface Question {
  readonly folder: string
  readonly search: string
  readonly path: string
  readonly at: string
}

const everything: Question = { folder: '', search: '', path: '', at: '' }

/** People and agents down, folders and secrets across. A cell says what they may do there. */
export function ReachTable({ vaultId }: { readonly vaultId: string }) {
  const [question, setQuestion] = useState(everything)
  // Where each page of principals begins that the person went through. The last one is shown.
  const [cursors, setCursors] = useState<readonly string[]>([])
  const [chosen, choose] = useState<Chosen | null>(null)
  const frame = useRef<HTMLElement>(null)
  const wantsFocus = useRef(false)
  const { folder, at } = question
  const ask = (change: Partial<Question>) => {
    setQuestion({ ...question, ...change })
    setCursors([])
  }
  const open = (path: string) => {
    // The button that was pressed goes, so the focus moves to what it opened.
    wantsFocus.current = true
    choose(null)
    ask({ folder: path })
  }
  const when: When = at && !Number.isNaN(Date.parse(at)) ? { at: new Date(at).toISOString() } : {}
  const { search, path } = useSettled(question)
  const cursor = cursors.at(-1)
  const given = { ...(folder && { folder }), ...(search && { search }), ...(path && { path }) }
  const from = { ...given, ...(cursor && { cursor }) }
  const asked = useQuery({
    queryKey: ['policies', vaultId, 'reach', from, at],
    queryFn: ({ signal }) =>
      api.policies.reach({ vault_id: vaultId, limit: shownAtOnce, ...from, ...when }, { signal }),
    placeholderData: keepPreviousData,
  })
  const { isPlaceholderData } = asked
  useEffect(() => {
    if (isPlaceholderData || !wantsFocus.current) return
    wantsFocus.current = false
    frame.current?.focus()
  }, [isPlaceholderData])
  // Only what the user asked for below: the question reads the audit trail.
  const grants = useQuery(unusedGrants(vaultId)).data?.grants ?? []
  const unused = new Set(when.at ? [] : grants.map(({ principal_id }) => principal_id))
  const isFiltered = question.search !== '' || question.path !== ''
  return (
    <Answer of={asked} waiting="Reading the secrets and the policies of the vault …">
      {({ columns, principals, policies, total, is_partial, next_cursor }) =>
        columns.length === 0 && !at && !isFiltered && !folder ? (
          <div className="card">
            <Empty icon="reach" title="Nothing to reach yet">
              Once the vault has secrets, this page shows who can do what with each folder.
            </Empty>
          </div>
        ) : (
          <div className="stack">
            <Toolbar>
              <Filters question={question} onAsk={ask} />
            </Toolbar>
            <div className="row spread">
              {folder ? <Folders folder={folder} onChoose={open} /> : <span />}
              <Legend />
            </div>
            {when.at && Date.parse(when.at) < Date.now() && (
              <p className="hint">Shows policies and secrets of that time, with current agent settings.</p>
            )}
            {columns.length === 0 || principals.length === 0 ? (
              <p className="quiet">{nothingFound(columns.length, question)}</p>
            ) : (
              <ReachGrid
                frame={frame}
                folder={folder}
                columns={columns}
                rows={principals}
                policies={policies}
                unused={unused}
                chosen={chosen}
                onChoose={choose}
                onOpen={open}
              />
            )}
            <Pager
              what="people and agents"
              from={cursors.length * shownAtOnce}
              shown={principals.length}
              total={total}
              onPrevious={cursor ? () => setCursors(cursors.slice(0, -1)) : null}
              onNext={next_cursor ? () => setCursors([...cursors, next_cursor]) : null}
            >
              {isPlaceholderData && <Waiting>Reading …</Waiting>}
            </Pager>
            {is_partial && (
              <Note tone="warn">
                There are more folders or secrets than the page can show. Open a folder, or search for a part of a path.
              </Note>
            )}
            {chosen && <Why vaultId={vaultId} chosen={chosen} when={when} />}
            {!when.at && <UnusedGrants vaultId={vaultId} />}
          </div>
        )
      }
    </Answer>
  )
}

function nothingFound(columns: number, { search, path, at }: Question): string {
  if (columns > 0) return `No user or agent with a policy in this vault has “${search}” in its name.`
  if (path) return `No secret has “${path}” in its path.`
  return at ? 'The vault had no secret at that time.' : 'This folder has no secret any more.'
}

interface FiltersProps {
  readonly question: Question
  readonly onAsk: (change: Partial<Question>) => void
}

function Filters({ question, onAsk }: FiltersProps) {
  const { search, path, at } = question
  return (
    <div className="reach-filters">
      <TextField
        name="search"
        label="People and agents"
        placeholder="Part of a name"
        type="search"
        value={search}
        onChange={(event) => onAsk({ search: event.target.value })}
      />
      <TextField
        name="path"
        label="Paths"
        placeholder="Part of a path"
        type="search"
        mono
        value={path}
        onChange={(event) => onAsk({ path: event.target.value })}
      />
      <TextField
        name="at"
        label="As of"
        type="datetime-local"
        value={at}
        onChange={(event) => onAsk({ at: event.target.value })}
      />
      {at && <Button onClick={() => onAsk({ at: '' })}>Show now</Button>}
    </div>
  )
}

function Legend(): ReactNode {
  return (
    <p className="legend">
      <span>
        <Mark letter="R" amount="all" /> everything below
      </span>
      <span>
        <Mark letter="R" amount="some" /> a part of it
      </span>
      <span>R read, W write, D delete, T rotate</span>
    </p>
  )
}

function Folders({ folder, onChoose }: { readonly folder: string; readonly onChoose: (folder: string) => void }) {
  const segments = folder.split('/').filter(Boolean)
  return (
    <nav aria-label="Folder" className="row">
      <Button look="quiet" icon="vault" onClick={() => onChoose('')}>
        Whole vault
      </Button>
      {segments.map((segment, at) => {
        const path = `${segments.slice(0, at + 1).join('/')}/`
        return (
          <Button key={path} look="quiet" icon="right" disabled={path === folder} onClick={() => onChoose(path)}>
            {segment}
          </Button>
        )
      })}
    </nav>
  )
}

interface WhyProps {
  readonly vaultId: string
  readonly chosen: Chosen
  readonly when: When
}

/** The rules for a secret of a cell. */
function explained(vault_id: string, chosen: Chosen, when: When) {
  const { principal_type, principal_id, example: path } = chosen
  return queryOptions({
    queryKey: ['policies', vault_id, 'explain', path, principal_id, when],
    queryFn: async () => {
      const { answers } = await api.policies.explain({ vault_id, path, principal_type, principal_id, ...when })
      return answers
    },
  })
}

/** The rule behind a cell, for one secret of it. */
function Why({ vaultId, chosen, when }: WhyProps) {
  const { name, path, example } = chosen
  const reasonOf = useReasons(vaultId)
  const asked = useQuery(explained(vaultId, chosen, when))
  return (
    <section className="card stack" aria-label="Why" aria-live="polite">
      <h2 className="wrap">
        {name} and <span className="mono">{path}</span>
      </h2>
      <Answer of={asked}>
        {(answers) => (
          <>
            {path !== example && (
              <p className="quiet">
                The rules for <code>{example}</code>, a secret in it:
              </p>
            )}
            <ul className="stack tight">
              {answers.map(({ permission, allowed, because }) => (
                <li key={permission} className="row">
                  <State tone={allowed ? 'good' : 'plain'}>
                    {permission}: {allowed ? 'yes' : 'no'}
                  </State>
                  <span className="quiet grow wrap">{reasonOf(because)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </section>
  )
}
