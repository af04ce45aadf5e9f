import { isScrubbable, scrubber } from './scrubber.ts'
import { Secret } from './secret.ts'

/**
 * Returns a function that removes the parts of these URLs that can be a key from a text: the path, the query, the user and the
 * password. The host stays.
 *
 * @example
 * keyRemover(['https://rpc.example.com/v2/0123456789'])('no such path: /v2/0123456789')    // 'no such path: [redacted]'
 */
export function keyRemover(urls: readonly string[]): (text: string) => string {
  const parts = urls.flatMap((url) => {
    const { username, password, pathname, search, searchParams } = new URL(url)
    return [username, password, pathname, ...pathname.split('/'), search.slice(1), ...searchParams.values()]
  })
  const scrub = scrubber(parts.map((part) => Secret.of(part)).filter(isScrubbable))
  return (text) => scrub(text).text
}
