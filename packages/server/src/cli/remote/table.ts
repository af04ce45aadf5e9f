import { dim, padded, shownWidth, type Terminal } from '../terminal.ts'

const gap = '  '
const idPattern = /^([0-9a-f]{8})-[0-9a-f-]{27}$/

/**
 * A table as narrow as possible. If it is wider than the terminal, IDs that only refer to other objects are shortened.
 * If that is not enough, each row becomes a few lines, so that no value is cut.
 */
export function table(titles: readonly string[], rows: readonly (readonly string[])[], terminal: Terminal): string[] {
  const { width = Number.POSITIVE_INFINITY } = terminal
  if (widthOf(titles, rows) <= width) return aligned(titles, rows, terminal)
  const short = rows.map((row) => row.map((cell, at) => (titles[at] === 'id' ? cell : cell.replace(idPattern, '$1…'))))
  return widthOf(titles, short) <= width ? aligned(titles, short, terminal) : stacked(titles, rows)
}

function aligned(titles: readonly string[], rows: readonly (readonly string[])[], terminal: Terminal): string[] {
  const widths = widthsOf(titles, rows)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => padded(cell, widths[at] ?? 0))
      .join(gap)
      .trimEnd()
  return [dim(line(titles.map((title) => title.toUpperCase())), terminal), ...rows.map(line)]
}

function stacked(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...titles.map(({ length }) => length))
  const lines = rows.flatMap((row) => [
    '',
    ...row.map((cell, at) => `${(titles[at] ?? '').padEnd(width)}${gap}${cell}`),
  ])
  return lines.slice(1)
}

function widthOf(titles: readonly string[], rows: readonly (readonly string[])[]): number {
  return widthsOf(titles, rows).reduce((sum, one) => sum + one, gap.length * (titles.length - 1))
}

function widthsOf(titles: readonly string[], rows: readonly (readonly string[])[]): number[] {
  return titles.map((title, at) => Math.max(title.length, ...rows.map((row) => shownWidth(row[at] ?? ''))))
}
