import type { ShroudSettings } from '../settings.ts'
import { delimiterPatterns } from './delimiters.ts'
import type { Detector, Hit } from './detector.ts'
import { instructionOverride, promptExtraction, roleManipulation } from './injection-phrases.ts'
import { isUnder } from './network.ts'
import { type Pattern, PatternSet } from './patterns.ts'
import { PhraseSet } from './phrases.ts'
import { delimited, onceEach, scoreOf } from './prompt-injection.ts'

// What an answer does to those who show it or act on it.

const rule = (name: string, score: number, starts: string, expression: RegExp, message: string): Pattern => ({
  ...{ name, score, starts, expression, message, severity: score >= 0.7 ? 'critical' : 'medium' },
})

export const linkPatterns = new PatternSet([
  rule(
    'markdown_image_exfil',
    0.7,
    '![',
    /!\[[^\]\n]{0,200}\]\( {0,3}<?https?:\/\/[^\s)]{1,300}[?&][a-z0-9_.-]{1,40}=[^\s)&]{16,2000}/y,
    'The answer has a picture whose address carries data away.',
  ),
  rule(
    'markdown_image_exfil',
    0.7,
    '<img',
    /<img [^>]{0,200}src {0,2}= {0,2}["']?https?:\/\/[^\s"'>]{1,300}[?&][a-z0-9_.-]{1,40}=[^\s"'>&]{16,2000}/y,
    'The answer has a picture whose address carries data away.',
  ),
  rule(
    'data_uri_exec',
    0.8,
    'data:',
    /data: {0,3}(?:text\/html|application\/(?:javascript|x-javascript|xhtml\+xml)|text\/javascript|image\/svg\+xml)(?:;[a-z0-9=-]{1,40}){0,3},/y,
    'The answer has an address that runs as a page.',
  ),
  rule(
    'data_uri_exec',
    0.8,
    '](javascript:',
    /\]\(javascript:[^)\n]{1,400}/y,
    'The answer has a link that runs as a program.',
  ),
  rule(
    'data_uri_blob',
    0.3,
    'data:',
    /data:application\/(?:octet-stream|x-msdownload|zip)(?:;[a-z0-9=-]{1,40}){0,3},/y,
    'The answer has a file within an address.',
  ),
])

const echoed = PhraseSet.shared([
  { ...instructionOverride, name: 'echoed_injection' },
  { ...roleManipulation, name: 'echoed_instruction' },
  { ...promptExtraction, name: 'echoed_instruction' },
])

/** An answer with this score or more is refused. */
const scoreMax = 0.7

export const responseInjection: Detector = {
  name: 'response_injection',
  isOn: () => true,
  detect: (seen, settings) => {
    const { lower } = seen.shadow
    const hits: Hit[] = linkPatterns
      .findIn(seen.shadow, lower)
      .filter(({ start, end }) => !isAllowed(lower.slice(start, end), settings))
      .map(({ pattern: { name, severity, score, message }, start, end }) => ({
        ...{ rule: name, severity, score, message, start, end, action: 'warn', marker: '[REMOVED:link]' },
      }))
    const isTemplate = delimiterPatterns
      .findIn(seen.shadow, delimited(seen))
      .some(({ pattern }) => pattern.name === 'chat_template')
    for (const {
      rule: { name, score, message },
      start,
      end,
    } of echoed.find(seen.words)) {
      hits.push({
        rule: name,
        severity: 'medium',
        score: isTemplate ? score : 0.3,
        message,
        start,
        end,
        action: 'warn',
        marker: null,
      })
    }
    const fence = lower.indexOf('```')
    if (fence !== -1 && forbidsCode(settings)) {
      const message = 'The answer has code, and code is not among the allowed tasks.'
      hits.push({
        rule: 'unexpected_code',
        severity: 'low',
        score: 0.2,
        message,
        start: fence,
        end: fence + 3,
        action: 'warn',
        marker: null,
      })
    }
    const once = onceEach(hits)
    const isRefused = scoreOf(once) >= scoreMax && settings.outputPolicy.blocksInjections
    return once.map((hit) => ({ ...hit, action: isRefused ? 'block' : 'warn' }))
  },
}

function isAllowed(link: string, { network: { allowedDomains } }: ShroudSettings): boolean {
  const host = /https?:\/\/([^/:?#\s]{1,253})/.exec(link)?.[1]
  return host !== undefined && isUnder(host, allowedDomains)
}

function forbidsCode({ semantic: { isOn, allowedTasks } }: ShroudSettings): boolean {
  return isOn && allowedTasks.length > 0 && !allowedTasks.some((task) => /cod|program|script|develop|debug/i.test(task))
}
