import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api } from '../api.ts'
import { unusedGrants } from '../asked.ts'
import { Answer, Button, Empty, Icon, Note, State, TextField } from '../components/index.ts'
import { useNames } from './event-table.tsx'
import { useReasons } from './reason.ts'
import { Toolbar } from './toolbar.tsx'
import { UnusedGrants } from './unused-grants.tsx'

const marks = [
  ['read', 'R'],
  ['write', 'W'],
  ['delete', 'D'],
  ['rotate', 'T'],
] as const

/** Bounds the rows that the browser draws. In a large vault the server answers fewer: it bounds its decisions. */
const shownAtOnce = 50

type Permission = (typeof marks)[number][0]
type Amount = 'all' | 'some' | 'none'

interface Chosen {
  readonly principal_type: 'user' | 'agent'
  readonly principal_id: string
  readonly path: string
  readonly example: string
}

/** People and agents down, folders and secrets across. A cell says what they may do there. */
export function ReachTable({ vaultId }: { readonly vaultId: string }) {
  const [folder, setFolder] = useState('')
  // Where each page of principals begins that the person went through. The last one is shown.
  const [cursors, setCursors] = useState<readonly string[]>([])
  const said = useRef<HTMLOutputElement>(null)
  const [chosen, choose] = useState<Chosen | null>(null)
  const [at, setAt] = useState('')
  const when = at && !Number.isNaN(Date.parse(at)) ? { at: new Date(at).toISOString() } : {}
  const nameOf = useNames()
  const reasonOf = useReasons(vaultId)
  // Only what the user asked for below: the question reads the audit trail.
  const grants = useQuery(unusedGrants(vaultId)).data?.grants ?? []
  const unused = new Set(when.at ? [] : grants.map(({ principal_id }) => principal_id))
  const cursor = cursors.at(-1)
  const from = { ...(folder && { folder }), ...(cursor && { cursor }) }
  const showFolder = (path: string) => {
    setFolder(path)
    setCursors([])
  }
  const showTime = (time: string) => {
    setAt(time)
    setCursors([])
  }
  const asked = useQuery({
    queryKey: ['policies', vaultId, 'reach', from, at],
    queryFn: () => api.policies.reach({ vault_id: vaultId, limit: shownAtOnce, ...from, ...when }),
    placeholderData: keepPreviousData,
  })
  return (
    <Answer of={asked}>
      {({ columns, principals, is_partial, next_cursor }) =>
        columns.length === 0 && !at ? (
          <div className="card">
            <Empty icon="reach" title="Nothing to reach yet">
              Once the vault has secrets, this page shows who can do what with each folder.
            </Empty>
          </div>
        ) : (
          <div className="stack">
            <Toolbar>
              <div className="row end">
                <TextField
                  name="at"
                  label="As of"
                  type="datetime-local"
                  value={at}
                  onChange={(event) => showTime(event.target.value)}
                />
                {at && <Button onClick={() => showTime('')}>Show now</Button>}
              </div>
              <Legend />
            </Toolbar>
            {when.at && Date.parse(when.at) < Date.now() && (
              <p className="hint">Shows policies and secrets of that time, with current agent settings.</p>
            )}
            {folder && <Folders folder={folder} onChoose={showFolder} />}
            {columns.length === 0 && <p className="quiet">The vault had no secret at that time.</p>}
            {columns.length > 0 && (
              <>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the frame scrolls, so the keyboard must reach it */}
                <section className="table-frame" aria-label="Reach" tabIndex={0}>
                  <table className="table reach">
                    <thead>
                      <tr>
                        <th scope="col">Who</th>
                        {columns.map(({ path, is_folder, secrets }) => (
                          <th key={path} scope="col">
                            {is_folder ? (
                              <button type="button" className="tab" onClick={() => showFolder(path)}>
                                {path.slice(folder.length)}
                                <span className="hint"> {secrets}</span>
                              </button>
                            ) : (
                              path.slice(folder.length)
                            )}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {principals.map(({ principal_type, principal_id, cells, because, is_former }) => (
                        <tr key={`${principal_type} ${principal_id}`}>
                          <th scope="row">
                            <span className="row nowrap" title={because}>
                              <Icon name={principal_type === 'agent' ? 'agent' : 'person'} />
                              {nameOf(principal_id)}
                              {because && <State tone="warn">no access</State>}
                              {is_former && <State tone="plain">stopped since</State>}
                              {unused.has(principal_id) && <State tone="warn">unused</State>}
                            </span>
                          </th>
                          {cells.map((cell, at) => {
                            const column = columns[at]
                            if (!column) return null
                            const { path, example } = column
                            const of = { principal_type, principal_id, path, example }
                            const isChosen = chosen?.principal_id === principal_id && chosen.path === path
                            return (
                              <Cell
                                key={path}
                                vaultId={vaultId}
                                cell={cell}
                                of={of}
                                when={when}
                                reasonOf={reasonOf}
                                onDecided={(text) => {
                                  if (said.current)
                                    said.current.textContent = `${nameOf(principal_id)}, ${path}: ${text}`
                                }}
                                isChosen={isChosen}
                                onChoose={() => choose(isChosen ? null : of)}
                              />
                            )
                          })}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </section>
                {/* Browsers show a tooltip only to a pointer. No state: it would render the whole table at each step. */}
                <output ref={said} className="reach-said" />
              </>
            )}
            {(cursor || next_cursor) && (
              <div className="row">
                <Button disabled={!cursor} onClick={() => setCursors(cursors.slice(0, -1))}>
                  Previous people and agents
                </Button>
                <Button disabled={!next_cursor} onClick={() => next_cursor && setCursors([...cursors, next_cursor])}>
                  Next people and agents
                </Button>
              </div>
            )}
            {is_partial && (
              <Note tone="warn">
                The vault has more folders than the page can show. Open a folder to see less of it at once.
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

interface CellProps {
  readonly vaultId: string
  readonly cell: Readonly<Record<Permission, Amount>>
  readonly of: Chosen
  readonly when: When
  readonly reasonOf: (because: string) => string
  /** Gets what the cell says when the keyboard or the pointer is on it. */
  readonly onDecided: (text: string) => void
  readonly isChosen: boolean
  readonly onChoose: () => void
}

/** The permissions of one principal in one place. The tooltip names the policy that decides. */
function Cell({ vaultId, cell, of, when, reasonOf, onDecided, isChosen, onChoose }: CellProps) {
  const cache = useQueryClient()
  const words = wordsOf(cell)
  // The tooltip is loaded on demand, because one query for each cell would slow a large table.
  const name = async ({ currentTarget: button }: { readonly currentTarget: HTMLElement }) => {
    const answers = await cache.fetchQuery({ ...explained(vaultId, of, when), staleTime: 60_000 }).catch(() => [])
    const decided = answers.find(({ allowed }) => allowed) ?? answers[0]
    if (!decided) return
    button.title = `${words}. ${reasonOf(decided.because)}`
    if (button.matches(':hover, :focus')) onDecided(button.title)
  }
  return (
    <td>
      <button
        type="button"
        className="cell"
        aria-pressed={isChosen}
        title={words}
        onClick={onChoose}
        onPointerEnter={(event) => void name(event)}
        onFocus={(event) => void name(event)}
      >
        <span className="unseen">{words}</span>
        {marks.map(([name, letter]) => (
          <Mark key={name} letter={letter} amount={cell[name]} />
        ))}
      </button>
    </td>
  )
}

type When = { readonly at?: string }

/** The rules for the first secret of a cell. */
function explained(vault_id: string, { principal_type, principal_id, example }: Chosen, when: When) {
  return queryOptions({
    queryKey: ['policies', vault_id, 'explain', example, principal_id, when],
    queryFn: async () =>
      (await api.policies.explain({ vault_id, path: example, principal_type, principal_id, ...when })).answers,
  })
}

function Mark({ letter, amount }: { readonly letter: string; readonly amount: Amount }) {
  return (
    <span className={`mark ${amount}`} aria-hidden="true">
      {amount === 'none' ? '·' : letter}
    </span>
  )
}

function wordsOf(cell: Readonly<Record<Permission, Amount>>): string {
  const of = (amount: Amount) => marks.filter(([name]) => cell[name] === amount).map(([name]) => name)
  const [all, some] = [of('all'), of('some')]
  if (all.length + some.length === 0) return 'nothing'
  return [all.join(', '), some.length > 0 ? `${some.join(', ')} of some` : ''].filter(Boolean).join('; ')
}

function Legend() {
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

/** The rule behind a cell, for one secret of it. */
function Why({ vaultId, chosen, when }: WhyProps) {
  const { principal_id, example, path } = chosen
  const reasonOf = useReasons(vaultId)
  const nameOf = useNames()
  const asked = useQuery(explained(vaultId, chosen, when))
  return (
    <section className="card stack" aria-label="Why" aria-live="polite">
      <h2 className="wrap">
        {nameOf(principal_id)} and <span className="mono">{path}</span>
      </h2>
      {path !== example && (
        <p className="quiet">
          The rules for <code>{example}</code>, the first secret in it:
        </p>
      )}
      <Answer of={asked}>
        {(answers) => (
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
        )}
      </Answer>
    </section>
  )
}
