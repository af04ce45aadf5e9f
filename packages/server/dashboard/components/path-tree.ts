/** A row of the tree: a folder, or the thing at a path. */
export interface TreeRow<Item> {
  readonly path: string
  readonly name: string
  readonly level: number
  /** Of the folder that it is in: its place, and how many there are. */
  readonly place: number
  readonly size: number
  readonly item: Item | null
  /** How many things are below. */
  readonly count: number
}

interface Folder<Item> {
  readonly folders: Map<string, Folder<Item>>
  readonly items: (readonly [name: string, item: Item])[]
  count: number
}

/** The rows that are visible, top to bottom: folders first, then what is in them, by name. */
export function rowsOf<Item extends { readonly path: string }>(
  items: readonly Item[],
  isOpen: (folder: string) => boolean,
): TreeRow<Item>[] {
  const rows: TreeRow<Item>[] = []
  add(rows, folderOf(items), '', 1, isOpen)
  return rows
}

function folderOf<Item extends { readonly path: string }>(items: readonly Item[]): Folder<Item> {
  const root: Folder<Item> = { folders: new Map(), items: [], count: 0 }
  for (const item of items) {
    const segments = item.path.split('/')
    const name = segments.pop() ?? ''
    let folder = root
    folder.count++
    for (const segment of segments) {
      let next = folder.folders.get(segment)
      if (!next) {
        next = { folders: new Map(), items: [], count: 0 }
        folder.folders.set(segment, next)
      }
      folder = next
      folder.count++
    }
    folder.items.push([name, item])
  }
  return root
}

const byName = (one: readonly [string, unknown], other: readonly [string, unknown]) => (one[0] < other[0] ? -1 : 1)

function add<Item extends { readonly path: string }>(
  rows: TreeRow<Item>[],
  folder: Folder<Item>,
  prefix: string,
  level: number,
  isOpen: (folder: string) => boolean,
): void {
  const size = folder.folders.size + folder.items.length
  let place = 0
  for (const [name, inside] of [...folder.folders].sort(byName)) {
    const path = `${prefix}${name}/`
    rows.push({ path, name, level, place: ++place, size, item: null, count: inside.count })
    if (isOpen(path)) add(rows, inside, path, level + 1, isOpen)
  }
  for (const [name, item] of [...folder.items].sort(byName)) {
    rows.push({ path: item.path, name, level, place: ++place, size, item, count: 0 })
  }
}
