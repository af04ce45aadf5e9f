import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { bodyBytesMax } from '../../web/messages.ts'
import { type Answer, failure } from './bridge.ts'

const parseError = -32_700

/** Answers a message on each line, in any order, until there are no more and all are answered. */
export async function serveLines(input: Readable, output: Writable, answer: Answer): Promise<void> {
  const underWay = new Set<Promise<void>>()
  // A client that no longer reads sends no more messages.
  output.once('error', () => input.destroy())
  try {
    for await (const line of linesOf(input)) {
      const work = answerLine(line, answer).then((said) => {
        if (said !== null) output.write(`${JSON.stringify(said)}\n`)
        underWay.delete(work)
      })
      underWay.add(work)
    }
  } catch (error) {
    if (!input.destroyed) throw error
  }
  await Promise.all(underWay)
}

async function answerLine(line: string | null, answer: Answer): Promise<object | null> {
  if (line === null) return failure(null, parseError, `The message is larger than ${bodyBytesMax} bytes.`)
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return failure(null, parseError, 'The line is not valid JSON.')
  }
  return answer(message)
}

/** The non-empty lines; null for a line that is too long, which is dropped. */
async function* linesOf(input: Readable): AsyncGenerator<string | null> {
  const decoder = new StringDecoder('utf8')
  let begun = ''
  let isTooLong = false
  for await (const chunk of input) {
    const [first = '', ...rest] = decoder.write(chunk as Buffer).split('\n')
    begun += first
    for (const next of rest) {
      if (isTooLong || begun.length > bodyBytesMax) yield null
      else if (begun.trim() !== '') yield begun
      begun = next
      isTooLong = false
    }
    if (begun.length > bodyBytesMax) {
      begun = ''
      isTooLong = true
    }
  }
  if (isTooLong) yield null
  else if (begun.trim() !== '') yield begun
}
