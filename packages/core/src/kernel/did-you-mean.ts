/** Which of the known names was most likely meant. */
export function nearest(name: string, known: readonly string[]): string {
  return ranked(name, known)[0]?.one ?? ''
}

/** The same as a question, or nothing where the nearest is so far away that the question would only confuse. */
export function didYouMean(name: string, known: readonly string[], shown = (one: string) => one): string {
  const [first] = ranked(name, known)
  return first && first.steps <= Math.max(1, name.length / 3) ? `. Did you mean ${shown(first.one)}?` : '.'
}

/** Names that begin with the input come first, because the user typed them correctly but not to the end. */
function ranked(name: string, known: readonly string[]) {
  const steps = (one: string) => (name !== '' && one.startsWith(name) ? 0 : distance(name, one))
  return known.map((one) => ({ one, steps: steps(one) })).sort((a, b) => a.steps - b.steps)
}

/** The edit distance: the number of insertions, deletions, replacements and swaps of neighbouring letters. */
function distance(from: string, to: string): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let at = 0; at < from.length; at++) {
    const next = [at + 1]
    for (let column = 0; column < to.length; column++) {
      const replaced = (row[column] ?? 0) + (from[at] === to[column] ? 0 : 1)
      const isSwapped = at > 0 && from[at] === to[column - 1] && from[at - 1] === to[column]
      const swapped = isSwapped ? (before[column - 1] ?? 0) + 1 : replaced
      next.push(Math.min(replaced, swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[to.length] ?? 0
}
