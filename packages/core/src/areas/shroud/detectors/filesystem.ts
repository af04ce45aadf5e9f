import type { Detector, Hit } from './detector.ts'
import { type Needle, needlesIn } from './needles.ts'
import { type Pattern, PatternSet } from './patterns.ts'

const rule = (name: string, starts: string, expression: RegExp, message: string): Pattern => ({
  ...{ name, starts, expression, message, severity: 'high', score: 0.7 },
})

export const pathPatterns = new PatternSet([
  rule('path_traversal', '../ ..\\', /(?:\.\.[\\/]){2,60}[^\s"']{0,100}/y, 'The text leaves a folder upwards.'),
  rule(
    'windows_system_path',
    'c:\\ \\\\',
    /(?:c:\\{1,2}(?:windows\\{1,2}(?:system32|syswow64|win\.ini)|users\\{1,2}[^\s\\]{1,60}\\{1,2}appdata|boot\.ini)|\\\\[a-z0-9.-]{1,60}\\(?:c|admin|ipc)\$)/y,
    'The text names a file of Windows itself.',
  ),
])

/** Finds paths of files that hold secrets or run a machine. */
const pathsIn = needlesIn((path) => path.toLowerCase())

export const filesystem: Detector = {
  name: 'filesystem',
  isOn: ({ filesystem: { isOn } }) => isOn,
  detect: ({ shadow }, { filesystem: { action, blockedPaths } }) => {
    const { lower } = shadow
    const hit = (name: string, score: number, message: string, start: number, end: number): Hit => ({
      ...{ rule: name, score, message, start, end, action, severity: 'high', marker: '[REMOVED:path]' },
    })
    const hits = pathPatterns
      .findIn(shadow, lower)
      .map(({ pattern: { name, score, message }, start, end }) => hit(name, score, message, start, end))
    for (const needle of pathsIn(blockedPaths)) {
      for (const at of placesOf(lower, needle)) {
        const end = at + needle.text.length
        hits.push(hit('blocked_path', 0.7, 'The text names a path that the settings block.', at, end))
      }
    }
    return hits
  },
}

const placesMax = 20

/** Where a path stands as a whole part: `.env` is in `cat .env` and `.env.local`, and not in `process.env` or `.environment`. */
function placesOf(lower: string, { text: path, next }: Needle): number[] {
  const places: number[] = []
  // An ending stands behind the name of a file.
  const isEnding = /^\.(?:pem|p12|pfx|kdbx|key|jks)$/.test(path)
  for (let at = next(lower, 0); at !== -1 && places.length < placesMax; at = next(lower, at + path.length)) {
    const before = at === 0 ? ' ' : lower.charAt(at - 1)
    const after = lower.charAt(at + path.length)
    const beginsPart = isEnding
      ? /[a-z0-9_*-]/.test(before)
      : !/[a-z0-9_)\]]/.test(before) || !/[a-z0-9_.]/.test(path.charAt(0))
    const endsPart = /[/\\]$/.test(path) || !/[a-z0-9_-]/.test(after)
    if (beginsPart && endsPart) places.push(at)
  }
  return places
}
