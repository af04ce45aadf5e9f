import { madeOnce } from '../../kernel/maps.ts'

// Globs as a tree, so that one walk along a path finds every glob that covers it, however many globs there are. See
// `kernel/globs.ts` for what a glob means. A step takes one segment of the path.

/** A place in the tree: the globs that agree up to here. Values come in the order of their rank, the best first. */
export class PathNode<Value> {
  /** The rank of the best glob that ends here or further down. The lower, the better. */
  readonly best: number
  /** What belongs to the globs that end here. */
  value: Value | null = null
  /** By the text of the next segment. */
  literals: Map<string, PathNode<Value>> | null = null
  /** Behind `*`. */
  anySegment: PathNode<Value> | null = null
  /** Behind a segment that is a literal in part, such as `db-*`. */
  partly: PartlyLiteral<Value> | null = null
  /** Behind `**`. */
  below: PathNode<Value> | null = null

  constructor(best: number) {
    this.best = best
  }

  /** The node of a glob, made where there is none. Globs must be added in the order of their rank. */
  add(segments: readonly string[], rank: number): PathNode<Value> {
    let node: PathNode<Value> = this
    for (const segment of segments) node = node.#child(segment, rank)
    return node
  }

  #child(segment: string, rank: number): PathNode<Value> {
    if (segment === '**') {
      this.below ??= new PathNode(rank)
      return this.below
    }
    if (segment === '*') {
      this.anySegment ??= new PathNode(rank)
      return this.anySegment
    }
    if (segment.includes('*')) {
      this.partly ??= new PartlyLiteral()
      return this.partly.child(segment, rank)
    }
    this.literals ??= new Map()
    return madeOnce(this.literals, segment, () => new PathNode(rank))
  }

  /** Whether a glob goes on from here. */
  get leadsOn(): boolean {
    return this.literals !== null || this.anySegment !== null || this.partly !== null
  }

  /** Adds the nodes that this segment leads to, leaving out those that cannot be better than `bound`. */
  step(segment: string, bound: number, reached: PathNode<Value>[]): void {
    const literal = this.literals?.get(segment)
    if (literal !== undefined && literal.best < bound) reached.push(literal)
    if (this.anySegment !== null && this.anySegment.best < bound) reached.push(this.anySegment)
    if (this.partly !== null) this.partly.step(segment, bound, reached)
  }
}

/**
 * Segments such as `db-*`, `*-key` and `a*b*c`, found by their literal ends: one look-up for each pair of lengths that the
 * ends have. With two stars, the texts between them are tried one after the other.
 */
class PartlyLiteral<Value> {
  readonly #shapes: Shape<Value>[] = []

  child(segment: string, rank: number): PathNode<Value> {
    const [head = '', ...rest] = segment.split('*')
    const [tail = '', middle] = rest.reverse()
    const { oneStar, twoStars } = this.#shapeOf(head.length, tail.length)
    const ends = head + tail
    if (middle === undefined) return madeOnce(oneStar, ends, () => new PathNode<Value>(rank))
    const middles = madeOnce(twoStars, ends, () => new Map<string, PathNode<Value>>())
    return madeOnce(middles, middle, () => new PathNode<Value>(rank))
  }

  step(segment: string, bound: number, reached: PathNode<Value>[]): void {
    for (const { head, tail, oneStar, twoStars } of this.#shapes) {
      const end = segment.length - tail
      if (head > end) continue
      const ends = segment.slice(0, head) + segment.slice(end)
      const node = oneStar.get(ends)
      if (node !== undefined && node.best < bound) reached.push(node)
      const middles = twoStars.get(ends)
      if (middles !== undefined) stepBetween(middles, segment.slice(head, end), bound, reached)
    }
  }

  #shapeOf(head: number, tail: number): Shape<Value> {
    const known = this.#shapes.find((shape) => shape.head === head && shape.tail === tail)
    if (known) return known
    const made = { head, tail, oneStar: new Map(), twoStars: new Map() }
    this.#shapes.push(made)
    return made
  }
}

/** How long the ends are, and what is found by them. */
interface Shape<Value> {
  readonly head: number
  readonly tail: number
  readonly oneStar: Map<string, PathNode<Value>>
  /** By the ends, and then by the text between the stars. */
  readonly twoStars: Map<string, Map<string, PathNode<Value>>>
}

function stepBetween<Value>(
  middles: ReadonlyMap<string, PathNode<Value>>,
  between: string,
  bound: number,
  reached: PathNode<Value>[],
): void {
  for (const [middle, node] of middles) {
    if (node.best >= bound) return
    if (between.includes(middle)) reached.push(node)
  }
}

/**
 * Asks `judge` about the globs that cover the path, and returns the best rank that it found. `judge` gets the best rank so
 * far and returns it, or a better one. It is not asked about globs that cannot be better.
 */
export function bestCovering<Value>(root: PathNode<Value>, path: string, judge: Judge<Value>): number {
  let best = unranked
  let reached = [root]
  // Nodes behind a `**` stay reached, since that takes any number of segments.
  const staying: PathNode<Value>[] = []
  for (let from = 0; ; ) {
    for (const { below } of reached) {
      if (below === null || below.best >= best) continue
      if (below.value !== null) best = judge(below.value, best)
      if (below.leadsOn && below.best < best && !staying.includes(below)) staying.push(below)
    }
    if (from > path.length) break
    const slash = path.indexOf('/', from)
    const segment = path.slice(from, slash === -1 ? path.length : slash)
    from += segment.length + 1
    const next: PathNode<Value>[] = []
    for (const node of reached) node.step(segment, best, next)
    for (const node of staying) node.step(segment, best, next)
    if (next.length === 0 && staying.length === 0) return best
    reached = next
  }
  return bestEnding(reached, best, judge)
}

/**
 * A place in a tree of paths, with the globs that still matter there. Where no glob leads on, one answer holds for all paths below,
 * so a walk need not visit them. It answers what `bestCovering` answers for each path.
 */
export class Place<Value> {
  /** The best rank of the globs that cover this path and every path below it. */
  readonly below: number
  readonly #reached: readonly PathNode<Value>[]
  /** Nodes behind a `**`, as in `bestCovering`. */
  readonly #staying: readonly PathNode<Value>[]
  readonly #judge: Judge<Value>

  private constructor(
    reached: readonly PathNode<Value>[],
    staying: readonly PathNode<Value>[],
    best: number,
    judge: Judge<Value>,
  ) {
    const behind = reached.flatMap(({ below }) => below ?? [])
    const below = behind.reduce(
      (bound, { value, best: own }) => (value !== null && own < bound ? judge(value, bound) : bound),
      best,
    )
    const all = [...staying, ...behind.filter((node) => node.leadsOn && !staying.includes(node))]
    this.below = below
    this.#reached = reached
    this.#staying = all.filter((node) => node.best < below)
    this.#judge = judge
  }

  /** The place before the first segment. `judge` must not depend on the path. */
  static at<Value>(root: PathNode<Value>, judge: Judge<Value>): Place<Value> {
    return new Place([root], [], unranked, judge)
  }

  /** The best rank of the globs that cover this path. */
  get here(): number {
    return bestEnding(this.#reached, this.below, this.#judge)
  }

  /** The segments behind which a better glob than `below` can apply. Null: any segment can lead to one. */
  get segments(): ReadonlySet<string> | null {
    const open = this.#reached.filter(({ leadsOn, best }) => leadsOn && best < this.below)
    if (this.#staying.length > 0 || open.some((node) => node.anySegment !== null || node.partly !== null)) return null
    return new Set(open.flatMap(({ literals }) => [...(literals?.keys() ?? [])]))
  }

  /** The place behind a segment, or the rank that all paths there have. */
  into(segment: string): Place<Value> | number {
    const next: PathNode<Value>[] = []
    for (const node of this.#reached) node.step(segment, this.below, next)
    for (const node of this.#staying) node.step(segment, this.below, next)
    return next.length + this.#staying.length === 0
      ? this.below
      : new Place(next, this.#staying, this.below, this.#judge)
  }
}

/** Gets what belongs to a glob and the best rank so far, and returns that rank or a better one. */
type Judge<Value> = (value: Value, bound: number) => number

function bestEnding<Value>(reached: readonly PathNode<Value>[], bound: number, judge: Judge<Value>): number {
  let best = bound
  for (const { value, best: own } of reached) if (value !== null && own < best) best = judge(value, best)
  return best
}

/** Worse than every rank. */
export const unranked = 2 ** 30 - 1
