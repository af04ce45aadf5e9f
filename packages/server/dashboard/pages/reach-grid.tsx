import { memo, type RefObject, useMemo, useRef, useState } from 'react'
import { Button, Icon, State } from '../components/index.ts'
import { Marks, type ReachCell, type ReachColumn, type ReachPolicy, type ReachRow, wordsOf } from './reach-marks.tsx'

/** Bounds what the browser draws. More columns come when a person asks for them. */
const columnsAtFirst = 40

/** The cell whose rules are shown. */
export interface Chosen {
  readonly principal_type: 'user' | 'agent'
  readonly principal_id: string
  readonly name: string
  readonly path: string
  /** The secret whose rules are shown. */
  readonly example: string
}

interface GridProps {
  readonly frame: RefObject<HTMLElement | null>
  readonly folder: string
  readonly columns: readonly ReachColumn[]
  readonly rows: readonly ReachRow[]
  readonly policies: readonly ReachPolicy[]
  readonly unused: ReadonlySet<string>
  readonly chosen: Chosen | null
  readonly onChoose: (chosen: Chosen | null) => void
  readonly onOpen: (folder: string) => void
}

/** The table. One of its cells is a tab stop, and the arrow keys move between cells. */
export function ReachGrid(props: GridProps) {
  const { frame, folder, rows, policies, unused, chosen, onChoose, onOpen } = props
  const [showsAll, setShowsAll] = useState(false)
  const columns = useMemo(
    () => (showsAll ? props.columns : props.columns.slice(0, columnsAtFirst)),
    [props.columns, showsAll],
  )
  const byId = useMemo(() => new Map(policies.map((policy) => [policy.policy_id, policy])), [policies])
  const said = useRef<HTMLOutputElement>(null)
  const choose = (button: HTMLElement) => {
    const row = rows[Number(button.dataset.row)]
    const column = columns[Number(button.dataset.column)]
    if (!row || !column) return
    const { principal_type, principal_id } = row
    const { path } = column
    const isChosen = chosen?.principal_id === principal_id && chosen.path === path
    const example = row.cells.find((one) => one.path === path)?.example ?? column.example
    onChoose(isChosen ? null : { principal_type, principal_id, name: nameOf(row), path, example })
  }
  const say = (button: HTMLElement) => {
    const row = rows[Number(button.dataset.row)]
    const column = columns[Number(button.dataset.column)]
    if (said.current && row && column) said.current.textContent = `${nameOf(row)}, ${column.path}: ${button.title}`
  }
  const onCell = (work: (button: HTMLElement) => void) => (event: { readonly target: EventTarget }) => {
    const button = event.target instanceof HTMLElement && event.target.closest<HTMLElement>('button.cell')
    if (button) work(button)
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the frame scrolls, so the keyboard must reach it */}
      <section ref={frame} className="table-frame" aria-label="Reach" tabIndex={0}>
        <table className="table reach">
          <thead>
            <tr>
              <th scope="col">Who</th>
              {columns.map(({ path, is_folder, secrets }) => (
                <th key={path} scope="col">
                  {is_folder ? (
                    <button type="button" className="tab" onClick={() => onOpen(path)}>
                      {path.slice(folder.length)}
                      <span className="hint"> {secrets.toLocaleString('en')}</span>
                    </button>
                  ) : (
                    path.slice(folder.length)
                  )}
                </th>
              ))}
            </tr>
          </thead>
          {/* The buttons of the cells answer to the keyboard. One listener, because a table can have thousands of them. */}
          <tbody
            onClick={onCell(choose)}
            onMouseOver={onCell(say)}
            onFocus={onCell((button) => {
              stopAt(button)
              say(button)
            })}
            onKeyDown={(event) => onCell((button) => moveFrom(button, event))(event)}
          >
            {rows.map((row, at) => (
              <Row
                key={`${row.principal_type} ${row.principal_id}`}
                row={row}
                at={at}
                columns={columns}
                policies={byId}
                isUnused={unused.has(row.principal_id)}
                chosenPath={chosen?.principal_id === row.principal_id ? chosen.path : null}
              />
            ))}
          </tbody>
        </table>
      </section>
      {/* Browsers show a tooltip only to a pointer. No state: it would render the whole table at each step. */}
      <output ref={said} className="reach-said" />
      {columns.length < props.columns.length && (
        <div className="row">
          <Button onClick={() => setShowsAll(true)}>{`Show all ${props.columns.length} columns`}</Button>
        </div>
      )}
    </>
  )
}

interface RowProps {
  readonly row: ReachRow
  readonly at: number
  readonly columns: readonly ReachColumn[]
  readonly policies: ReadonlyMap<string, ReachPolicy>
  readonly isUnused: boolean
  readonly chosenPath: string | null
}

/** Renders again only when something about it has changed, because a table has thousands of cells. */
const Row = memo(function Row({ row, at, columns, policies, isUnused, chosenPath }: RowProps) {
  const { principal_type, because, is_former } = row
  const cells = new Map<string, ReachCell>(row.cells.map((cell) => [cell.path, cell]))
  return (
    <tr>
      <th scope="row">
        <span className="row nowrap" title={because}>
          <Icon name={principal_type === 'agent' ? 'agent' : 'person'} />
          {nameOf(row)}
          {because && <State tone="warn">no access</State>}
          {is_former && <State tone="plain">stopped since</State>}
          {isUnused && <State tone="warn">unused</State>}
        </span>
      </th>
      {columns.map((column, place) => {
        const cell = cells.get(column.path)
        const words = wordsOf(cell, column, policies)
        return (
          <td key={column.path}>
            <button
              type="button"
              className="cell"
              tabIndex={at === 0 && place === 0 ? 0 : -1}
              data-row={at}
              data-column={place}
              aria-pressed={chosenPath === column.path}
              aria-label={cell ? undefined : words}
              title={words}
            >
              {cell && <span className="unseen">{words}</span>}
              <Marks cell={cell} of={column.secrets} />
            </button>
          </td>
        )
      })}
    </tr>
  )
})

function nameOf({ name, principal_id }: ReachRow): string {
  return name ?? principal_id.slice(0, 8)
}

/** Makes a cell the tab stop of the table. */
function stopAt(button: HTMLElement): void {
  for (const other of button.closest('tbody')?.querySelectorAll<HTMLElement>('button.cell[tabindex="0"]') ?? [])
    other.tabIndex = -1
  button.tabIndex = 0
}

const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
}

/** Moves the focus as in a sheet of cells. */
function moveFrom(button: HTMLElement, event: React.KeyboardEvent): void {
  const step = steps[event.key]
  const body = button.closest('tbody')
  if (!step || !body || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  const [rows, columns] = step
  const row = Math.max(0, Math.min(body.rows.length - 1, Number(button.dataset.row) + rows))
  const last = (body.rows[row]?.cells.length ?? 0) - 2
  const column = Math.max(0, Math.min(last, Number(button.dataset.column) + columns))
  body.rows[row]?.cells[column + 1]?.querySelector<HTMLElement>('button.cell')?.focus()
}
