import { parseEnv } from '../../../kernel/dotenv.ts'
import { isRedactable } from '../../../kernel/redactor.ts'
import { Secret } from '../../../kernel/secret.ts'

// A secret often holds more than one thing to find: an env bundle, the key file of a service account, a URL with a password.

/** More parts of one secret are not searched for. */
const partsMax = 200

/** Shorter parts of a larger value can be ordinary words. */
const partCharactersMin = 12

/** The value, and the parts of it that are secrets of their own. */
export function searchedIn(type: string, value: Secret<string>): Secret<string>[] {
  const text = value.reveal()
  const parts = [...entriesOf(type, text), ...passwordsOf(text), ...linesOf(text)]
  const long = parts.filter((part) => part.length >= partCharactersMin && part !== text)
  const own = [...new Set(long)].slice(0, partsMax).map((part) => Secret.of(part))
  return [value, ...own].filter(isRedactable)
}

const names = /key|token|secret|passw|credential|private|auth|pin|signature/i

function entriesOf(type: string, text: string): string[] {
  if (type === 'env_bundle' || type === 'env') return Object.values(parseEnv(text))
  return text.startsWith('{') ? namedTexts(parsed(text)) : []
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Texts of JSON whose names say that they are secret. */
function namedTexts(data: unknown): string[] {
  if (data === null || typeof data !== 'object') return []
  return Object.entries(data).flatMap(([name, one]) => {
    if (typeof one === 'string') return names.test(name) ? [one, ...passwordsOf(one)] : passwordsOf(one)
    return namedTexts(one)
  })
}

/** The passwords of URLs, as they are written and as they are meant. */
function passwordsOf(text: string): string[] {
  const found = [...text.matchAll(/[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:@/]{0,256}:([^\s@/]{1,512})@/gi)]
  return found.flatMap(([, password = '']) => [password, decoded(password)])
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const lineCharactersMin = 24

/** Lines without a space, such as those of a key: a text can have them indented. */
function linesOf(text: string): string[] {
  if (!text.includes('\n')) return []
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line.length >= lineCharactersMin && !/\s/.test(line))
}
