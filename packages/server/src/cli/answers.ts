import { type Terminal, UsageError } from './terminal.ts'

/** The next answer: typed without echo or, without a terminal, the next line of the input. Null at the end. */
export type Answers = (question: string) => Promise<string | null>

export function answersFrom({ ask, lines }: Terminal): Answers {
  if (ask) return ask
  if (!lines) throw new UsageError('this command reads from a terminal or from standard input, but has neither')
  const rest = lines()[Symbol.asyncIterator]()
  return async () => {
    const { done, value } = await rest.next()
    return done ? null : value
  }
}
