// A matcher that goes back as engines of regular expressions do, and counts its steps. It knows what the patterns of the
// detectors are made of, and throws for anything else, such as a repetition without an upper bound. A caller can allow those.

type Next = (at: number) => number
type Node = (text: string, at: number, next: Next) => number

const failed = -1

export class CountedMatcher {
  steps = 0
  readonly #node: Node
  readonly #source: string
  readonly #ignoresCase: boolean
  readonly #unbounded: boolean
  #at = 0

  constructor({ source, ignoreCase }: RegExp, { unbounded = false } = {}) {
    this.#source = source
    this.#ignoresCase = ignoreCase
    this.#unbounded = unbounded
    this.#node = this.#alternatives()
    if (this.#at < source.length) throw new SyntaxError(`unexpected ${source.slice(this.#at)} in ${source}`)
  }

  /** The end of the match that begins at a position; -1 if there is none. */
  match(text: string, at: number): number {
    return this.#node(text, at, (end) => end)
  }

  #alternatives(): Node {
    const all = [this.#sequence()]
    while (this.#takes('|')) all.push(this.#sequence())
    return (text, at, next) => {
      for (const one of all) {
        const end = one(text, at, next)
        if (end !== failed) return end
      }
      return failed
    }
  }

  #sequence(): Node {
    const all: Node[] = []
    while (this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) all.push(this.#repeated())
    return (text, at, next) => {
      const from = (number: number): Next => {
        const node = all[number]
        return node === undefined ? next : (place) => node(text, place, from(number + 1))
      }
      return from(0)(at)
    }
  }

  #repeated(): Node {
    const node = this.#atom()
    const bounds = this.#bounds()
    if (bounds === null) return node
    const [min, max] = bounds
    return (text, at, next) => {
      const more = (count: number, place: number): number => {
        if (count < max) {
          const end = node(text, place, (after) => (after === place ? failed : more(count + 1, after)))
          if (end !== failed) return end
        }
        return count >= min ? next(place) : failed
      }
      return more(0, at)
    }
  }

  #bounds(): readonly [number, number] | null {
    const [whole, least, comma, most] = /^(?:[?*+]|\{([0-9]+)(,)?([0-9]+)?\})/.exec(this.#source.slice(this.#at)) ?? []
    if (whole === undefined) return null
    this.#at += whole.length
    if (whole === '?') return [0, 1]
    if (least !== undefined && (most ?? comma) !== ',') return [Number(least), Number(most ?? least)]
    if (!this.#unbounded) throw new SyntaxError(`no upper bound in ${this.#source}`)
    return [whole === '+' ? 1 : Number(least ?? 0), Number.POSITIVE_INFINITY]
  }

  #atom(): Node {
    if (this.#takes('(?:')) return this.#closed(this.#alternatives())
    if (this.#takes('(?=')) return this.#ahead(true)
    if (this.#takes('(?!')) return this.#ahead(false)
    if (this.#takes('(?<!')) return this.#notBehind()
    if (this.#takes('^')) return this.#place((_, at) => at === 0)
    if (this.#takes('$')) return this.#place((text, at) => at === text.length)
    if (this.#takes('\\b')) return this.#place((text, at) => isWord(text.charAt(at - 1)) !== isWord(text.charAt(at)))
    if (this.#source.startsWith('(?', this.#at)) throw new SyntaxError(`a group of another kind in ${this.#source}`)
    if (this.#takes('(')) return this.#closed(this.#alternatives())
    const [own = ''] =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|.)|.)/s.exec(this.#source.slice(this.#at)) ?? []
    this.#at += own.length
    const one = new RegExp(`^${own}$`, this.#ignoresCase ? 'i' : '')
    const known = new Map<string, boolean>()
    return (text, at, next) => {
      this.steps++
      if (at >= text.length) return failed
      const character = text.charAt(at)
      const isRight = known.get(character) ?? one.test(character)
      known.set(character, isRight)
      return isRight ? next(at + 1) : failed
    }
  }

  #ahead(wanted: boolean): Node {
    const inner = this.#closed(this.#alternatives())
    return this.#place((text, at) => (inner(text, at, (end) => end) !== failed) === wanted)
  }

  /** Of one character. */
  #notBehind(): Node {
    const inner = this.#closed(this.#alternatives())
    return this.#place((text, at) => at === 0 || inner(text, at - 1, (end) => end) !== at)
  }

  #place(isRight: (text: string, at: number) => boolean): Node {
    return (text, at, next) => {
      this.steps++
      return isRight(text, at) ? next(at) : failed
    }
  }

  #closed(node: Node): Node {
    if (!this.#takes(')')) throw new SyntaxError(`an open group in ${this.#source}`)
    return node
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }
}

function isWord(character: string): boolean {
  return /^[A-Za-z0-9_]$/.test(character)
}
