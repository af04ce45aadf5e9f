/** Sentences with gaps, such as `{verb} the {rule}`, and what fills the gaps. */
export interface Parts {
  readonly sentences: readonly string[]
  readonly fill: Readonly<Record<string, readonly string[]>>
}

/** Prompts that a detector must find, and prompts that it must leave alone. */
export interface Corpus {
  readonly hostile: readonly string[]
  readonly harmless: readonly string[]
}

/**
 * The sentences with their gaps filled, each in some of the possible ways, spread evenly over all of them.
 *
 * @example written({ sentences: ['{a} {b}'], fill: { a: ['x', 'y'], b: ['1', '2'] } }, 4) // ['x 1', 'y 1', 'x 2', 'y 2']
 */
export function written({ sentences, fill }: Parts, perSentence: number): string[] {
  const all = sentences.flatMap((sentence) => {
    const gaps = [...new Set([...sentence.matchAll(/\{([a-z0-9]+)\}/g)].map(([, name = '']) => name))]
    const choices = gaps.map((gap) => fill[gap] ?? [])
    const ways = choices.reduce((product, words) => product * words.length, 1)
    const count = Math.min(ways, perSentence)
    return Array.from({ length: count }, (_, at) => {
      let rest = Math.floor((at * ways) / count)
      return gaps.reduce((text, gap, one) => {
        const words = choices[one] as readonly string[]
        // A step for each gap, so that no two gaps go in step.
        const word = words[(rest + at * one) % words.length] as string
        rest = Math.floor(rest / words.length)
        return text.replaceAll(`{${gap}}`, word)
      }, sentence)
    })
  })
  return [...new Set(all)]
}
