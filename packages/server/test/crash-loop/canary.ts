import { randomInt } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type Search, searchFor, searchForAny } from '@pawl/testkit/canary'

// Every secret that a test makes carries a tag that is nowhere else in the world, and every secret that the engine makes
// has a shape that nothing else has. So a file, a log or an answer is clean when neither is found in it.

export interface Canaries {
  /** A new secret text. */
  value(): string
  /** A new secret text that will do as a password. */
  password(): string
  /** A secret that the engine made, and that has no shape of its own. */
  keep(text: string): void
  /** What of all this is in there, in clear or in an encoding that anybody can undo. */
  find(bytes: Uint8Array | string): string[]
  /** The same, of every file in a folder. */
  findIn(folder: string): Promise<string[]>
}

/** Keys, tokens and private keys, as the engine writes them. */
const shapes: Readonly<Record<string, RegExp>> = {
  'an API key': /(?:ocv|1ck)_[A-Za-z0-9_-]{43}/,
  'a token': /eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
}

export function canaries(): Canaries {
  const tag = makeTag()
  const searchTag = searchFor(tag)
  const kept: string[] = []
  let searchKept: Search | null = null
  let made = 0
  const find: Canaries['find'] = (given) => {
    const bytes =
      typeof given === 'string' ? Buffer.from(given) : Buffer.from(given.buffer, given.byteOffset, given.length)
    const text = bytes.toString('latin1')
    const shaped = Object.entries(shapes).flatMap(([name, shape]) => (shape.test(text) ? [name] : []))
    searchKept ??= searchForAny(kept)
    return [
      ...shaped,
      ...searchTag(bytes).map((how) => `the tag ${how}`),
      ...searchKept(bytes).map((how) => `what the engine made ${how}`),
    ]
  }
  return {
    value: () => `${tag}-${made++}`,
    password: () => `Pw!${tag}${'.,;:'[made++ % 4]}`,
    keep: (text) => {
      kept.push(text)
      searchKept = null
    },
    find,
    findIn: async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      const found = await Promise.all(
        files.map(async (file) => find(await readFile(file)).map((what) => `${what} is in ${relative(folder, file)}`)),
      )
      return found.flat()
    },
  }
}

const letters = 'abcdefghjkmnpqrstuvwxyz'
const digits = '23456789'

/** Letters and digits in turn, so that it may be part of a password: nothing in it repeats or is in sequence. */
function makeTag(): string {
  const pick = (from: string) => from[randomInt(from.length)] ?? ''
  return Array.from({ length: 12 }, () => pick(letters) + pick(digits)).join('')
}
