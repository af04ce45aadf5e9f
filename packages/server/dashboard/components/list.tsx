import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
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
}

/** Things of one kind: the table, the first steps when there is none, and the dialog that makes one. */
export function List<Row>({ of, empty, creating, ...table }: ListProps<Row>) {
  const button = creating && <NewButton {...creating} />
  return (
    <div className="stack">
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

function Rows<Row>({ of, empty, action, ...table }: Omit<ListProps<Row>, 'creating'> & { readonly action: ReactNode }) {
  return (
    <Answer of={of}>
      {(rows) =>
        rows.length > 0 ? (
          <Table rows={rows} {...table} />
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
