import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import { rowsOf, type TreeRow } from './path-tree.ts'

interface TreeProps<Item> {
  readonly label: string
  readonly items: readonly Item[]
  /** A filter: shows only paths that contain this text, with all folders open. */
  readonly search: string
  readonly chosen: string | null
  readonly onChoose: (path: string) => void
  /** The content at the end of the row of an item. */
  readonly end?: (item: Item) => ReactNode
}

const rowPx = 32
const indentPx = 16

/** Things at paths, as a tree. Only the rows in view are in the document, so ten thousand are as fast as ten. */
export function Tree<Item extends { readonly path: string }>(props: TreeProps<Item>) {
  const { label, items, search, chosen, onChoose, end } = props
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(foldersOf(chosen ?? '')))
  const [focused, setFocused] = useState<string | null>(null)
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => setOpen((known) => new Set([...known, ...foldersOf(chosen ?? '')])), [chosen])
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase()
    if (wanted === '') return rowsOf(items, (folder) => open.has(folder))
    return rowsOf(
      items.filter(({ path }) => path.toLowerCase().includes(wanted)),
      () => true,
    )
  }, [items, search, open])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: 12,
  })
  const toggle = (path: string, isOpen: boolean) => {
    const next = new Set(open)
    if (isOpen) next.add(path)
    else next.delete(path)
    setOpen(next)
  }
  const goTo = (at: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, at))]
    if (!row) return
    const index = rows.indexOf(row)
    const found = () => frame.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)
    setFocused(row.path)
    virtual.scrollToIndex(index)
    const shown = found()
    if (shown) shown.focus()
    else requestAnimationFrame(() => found()?.focus())
  }
  const press = (row: TreeRow<Item>) => (row.item ? onChoose(row.path) : toggle(row.path, !open.has(row.path)))
  const onKey = (event: React.KeyboardEvent, at: number, row: TreeRow<Item>) => {
    const isFolder = row.item === null
    const isOpen = open.has(row.path)
    const actions = new Map([
      ['ArrowDown', () => goTo(at + 1)],
      ['ArrowUp', () => goTo(at - 1)],
      ['Home', () => goTo(0)],
      ['End', () => goTo(rows.length - 1)],
      ['Enter', () => press(row)],
      [' ', () => press(row)],
      ['ArrowRight', () => (isFolder && !isOpen ? toggle(row.path, true) : goTo(at + 1))],
      ['ArrowLeft', () => (isFolder && isOpen ? toggle(row.path, false) : goTo(parentOf(rows, at)))],
    ])
    const action = actions.get(event.key)
    if (!action) return
    event.preventDefault()
    action()
  }
  const stop = focused !== null && rows.some(({ path }) => path === focused) ? focused : (rows[0]?.path ?? null)
  return (
    <div ref={frame} className="tree" role="tree" aria-label={label} style={{ height: 'min(36rem, 62vh)' }}>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]
          if (!row) return null
          const isOpen = row.item === null ? search !== '' || open.has(row.path) : undefined
          return (
            <div
              key={row.path}
              role="treeitem"
              className="tree-item"
              data-row={index}
              tabIndex={row.path === stop ? 0 : -1}
              aria-level={row.level}
              aria-posinset={row.place}
              aria-setsize={row.size}
              aria-expanded={isOpen}
              aria-selected={row.path === chosen}
              style={{ height: rowPx, translate: `0 ${start}px`, paddingLeft: 8 + (row.level - 1) * indentPx }}
              onClick={() => press(row)}
              onFocus={() => setFocused(row.path)}
              onKeyDown={(event) => onKey(event, index, row)}
            >
              <Icon name={row.item ? 'key' : 'right'} className={row.item ? '' : 'turn'} />
              <span className="tree-name">{row.name}</span>
              {row.item ? end?.(row.item) : <span className="hint">{row.count}</span>}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** The folders that a path is in: `a/`, `a/b/`. */
function foldersOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1)
  return segments.map((_, at) => `${segments.slice(0, at + 1).join('/')}/`)
}

function parentOf(rows: readonly TreeRow<unknown>[], at: number): number {
  const level = rows[at]?.level ?? 1
  for (let index = at - 1; index >= 0; index--) if ((rows[index]?.level ?? 0) < level) return index
  return at
}
