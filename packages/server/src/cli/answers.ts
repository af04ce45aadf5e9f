import { type Terminal, UsageError } from './terminal.ts'

/** What a person types unseen, or what comes in line by line where there is no terminal. Null when there is no more. */
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
