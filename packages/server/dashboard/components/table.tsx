import { Fragment, type ReactNode, useId, useState } from 'react'
import { Icon } from './icon.tsx'

interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  readonly className?: string
}

export interface TableProps<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  /** What a row shows below it when it is open. Default: rows do not open. */
  readonly details?: (row: Row) => ReactNode
}

/** Rows of the same kind. A row whose first cell has a link of class `row-link` can be clicked anywhere. */
export function Table<Row>({ label, rows, keyOf, columns, details }: TableProps<Row>) {
  const id = useId()
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const turn = (key: string) =>
    setOpened((all) => new Set(all.has(key) ? [...all].filter((one) => one !== key) : [...all, key]))
  const opener = (key: string) => ({
    'aria-expanded': opened.has(key),
    'aria-controls': `${id}-${key}`,
    onClick: () => turn(key),
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the frame scrolls, so the keyboard must reach it
    <section className="table-frame" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {columns.map(({ title, className }) => (
              <th key={title} scope="col" className={className}>
                {title || <span className="unseen">Actions</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={keyOf(row)}>
              <tr>
                {columns.map(({ title, cell, className }, at) => (
                  <td key={title} className={className} data-title={title}>
                    {details && at === 0 && <Opener {...opener(keyOf(row))} />}
                    {cell(row)}
                  </td>
                ))}
              </tr>
              {details && opened.has(keyOf(row)) && (
                <tr className="row-details" id={`${id}-${keyOf(row)}`}>
                  <td colSpan={columns.length}>{details(row)}</td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Opens and closes a row. A click anywhere on the row presses it. */
function Opener(props: React.ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" className="row-opener row-link" aria-label="Details" title="Details" {...props}>
      <Icon name="right" />
    </button>
  )
}

interface FactsProps {
  readonly of: readonly (readonly [name: string, value: ReactNode])[]
  /** Two columns where the screen is wide enough. */
  readonly wide?: boolean
}

/** Names and what they are. */
export function Facts({ of, wide = false }: FactsProps) {
  return (
    <dl className={wide ? 'facts wide' : 'facts'}>
      {of.map(([name, value]) => (
        <FactPair key={name} name={name} value={value} />
      ))}
    </dl>
  )
}

function FactPair({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
