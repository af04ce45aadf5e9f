import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { TextField } from './form.tsx'
import type { IconName } from './icon.tsx'
import { Page } from './page.tsx'
import { Answer, type Asked, Empty } from './state.tsx'
import { Table, type TableProps } from './table.tsx'

interface Creating {
  /** The label of the button and the title of the dialog: `New vault`. */
  readonly title: string
  readonly open: boolean
  readonly onOpen: (open: boolean) => void
  readonly form: ReactNode
}

interface ListProps<Row> extends Omit<TableProps<Row>, 'rows'> {
  readonly of: Asked<readonly Row[]>
  /** The content of an empty list, with the purpose of its items. */
  readonly empty: { readonly icon: IconName; readonly title: string; readonly text: ReactNode }
  readonly creating?: Creating | undefined
  /** The text that the search of a long list looks in. Default: no search. */
  readonly searchIn?: (row: Row) => string
}

/** Things of one kind: the table, the first steps when there is none, and the dialog that makes one. */
export function List<Row>({ of, empty, creating, ...table }: ListProps<Row>) {
  const button = creating && <NewButton {...creating} />
  return (
    <div className="stack" data-focus="">
      {button && isFilled(of) && <div className="row">{button}</div>}
      <Rows of={of} empty={empty} action={button} {...table} />
      {creating && <NewDialog {...creating} />}
    </div>
  )
}

interface ListPageProps<Row> extends ListProps<Row> {
  readonly title: string
  readonly lead?: ReactNode
  readonly creating: Creating
  /** The content above the list. */
  readonly children?: ReactNode
}

/** A page that is one list. */
export function ListPage<Row>({ title, lead, of, empty, creating, children, ...table }: ListPageProps<Row>) {
  const button = <NewButton {...creating} />
  return (
    <Page title={title} lead={lead} actions={isFilled(of) && button}>
      {children}
      <Rows of={of} empty={empty} action={button} {...table} />
      <NewDialog {...creating} />
    </Page>
  )
}

function isFilled({ data }: Asked<readonly unknown[]>): boolean {
  return data !== undefined && data.length > 0
}

function NewButton({ title, onOpen }: Creating) {
  return (
    <Button look="primary" icon="plus" onClick={() => onOpen(true)}>
      {title}
    </Button>
  )
}

function NewDialog({ title, open, onOpen, form }: Creating) {
  return (
    <Dialog title={title} open={open} onClose={() => onOpen(false)}>
      {form}
    </Dialog>
  )
}

/** A list with at least this number of rows has a search. */
const searchedFrom = 20
const shownMax = 200

interface SearchedTableProps<Row> extends TableProps<Row> {
  readonly searchIn: ((row: Row) => string) | undefined
}

/** The rows that match the search. A long list shows only the first rows, so that it stays fast. */
export function SearchedTable<Row>({ rows, searchIn, ...table }: SearchedTableProps<Row>) {
  const [text, setText] = useState('')
  if (!searchIn || rows.length < searchedFrom) return <Table rows={rows} {...table} />
  const wanted = text.trim().toLowerCase()
  const found = rows.filter((row) => searchIn(row).toLowerCase().includes(wanted))
  return (
    <div className="stack">
      <div className="narrow">
        <TextField
          name="search"
          label={`Search ${rows.length.toLocaleString('en')} ${table.label.toLowerCase()}`}
          type="search"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {found.length > 0 ? <Table rows={found.slice(0, shownMax)} {...table} /> : <p className="quiet">No results.</p>}
      {found.length > shownMax && (
        <p className="hint">
          The list shows the first {shownMax} of {found.length.toLocaleString('en')}. Use the search to find the others.
        </p>
      )}
    </div>
  )
}

type RowsProps<Row> = Omit<ListProps<Row>, 'creating'> & { readonly action: ReactNode }

function Rows<Row>({ of, empty, action, searchIn, ...table }: RowsProps<Row>) {
  return (
    <Answer of={of}>
      {(rows) =>
        rows.length > 0 ? (
          <SearchedTable rows={rows} searchIn={searchIn} {...table} />
        ) : (
          <div className="card">
            <Empty icon={empty.icon} title={empty.title} action={action}>
              {empty.text}
            </Empty>
          </div>
        )
      }
    </Answer>
  )
}
