import type { Classifier, ContentDetector, DetectorHit, Judgement, ShroudText, Topics } from '@pawl/core/ports'
import { check, type Runner, testEach } from './asserts.ts'

/** A detector with texts to try it on. */
export interface OpenedDetector {
  readonly detector: ContentDetector
  /** Texts in which it must find something. */
  readonly hostile: readonly string[]
  /** Texts in which it must find nothing. */
  readonly harmless: readonly string[]
  close?(): Promise<void>
}

/**
 * The behaviour of every detector of Shroud. Each case opens a new one.
 *
 * @example
 * testContentDetector('badges', () => ({ detector: badges(), hostile: ['BADGE-123456'], harmless: ['a badge'] }), { describe, it })
 */
export function testContentDetector(
  name: string,
  open: () => OpenedDetector | Promise<OpenedDetector>,
  runner: Runner,
): void {
  testEach(`${name}, a detector`, open, detectorCases, runner)
}

const detectorCases: Readonly<Record<string, (opened: OpenedDetector) => void>> = {
  'has a name of lowercase letters, digits and underscores': ({ detector }) => checkName(detector.name),
  'finds something in hostile texts, and nothing in harmless ones': findsHostile,
  'gives places within the text, and rules that do not repeat it': givesPlaces,
  'says the same about a text each time, whatever it saw before': saysTheSame,
  'reads a text of any kind, and leaves what it is asked alone': readsAnything,
  'reads a long text': readsLong,
}

function findsHostile({ detector, hostile, harmless }: OpenedDetector): void {
  check(hostile.length > 0 && harmless.length > 0, 'came without texts to try it on')
  for (const text of hostile) check(hitsIn(detector, text).length > 0, `found nothing in ${JSON.stringify(text)}`)
  for (const text of harmless) check(hitsIn(detector, text).length === 0, `found something in ${JSON.stringify(text)}`)
}

function givesPlaces({ detector, hostile }: OpenedDetector): void {
  for (const text of hostile) {
    for (const prefix of ['', 'A line before.\n', '🎉 ü ']) {
      for (const hit of hitsIn(detector, prefix + text)) checkHit(hit, prefix + text)
    }
  }
}

function checkHit({ rule, severity, score, start, end, action }: DetectorHit, text: string): void {
  checkJudgement({ rule, severity, score }, text)
  const isPlace = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= text.length
  check(isPlace, `gave the place ${start} to ${end} in a text of ${text.length}`)
  check(['warn', 'redact', 'block'].includes(action), `gave the action ${action}`)
}

function saysTheSame({ detector, hostile, harmless }: OpenedDetector): void {
  const texts = [...hostile, ...harmless]
  const first = texts.map((text) => JSON.stringify(hitsIn(detector, text)))
  for (const [at, text] of [...texts.entries()].reverse()) {
    for (let again = 0; again < 3; again++)
      check(JSON.stringify(hitsIn(detector, text)) === first[at], `says different things about ${JSON.stringify(text)}`)
  }
}

const odd = ['', ' ', '\0', '\ud800', '🎉'.repeat(50), '{"a":', '\r\n'.repeat(20), '(((((', '\\u0041', '%41%']

function readsAnything({ detector }: OpenedDetector): void {
  for (const text of odd) {
    for (const role of ['system', 'user', 'assistant', 'tool'] as const)
      for (const direction of ['request', 'response'] as const)
        for (const tool of [undefined, 'send'])
          for (const hit of detector.detect(Object.freeze({ text, role, direction, tool }))) checkHit(hit, text)
  }
}

/** A detector whose time grows faster than the text does not end. */
function readsLong({ detector, hostile, harmless }: OpenedDetector): void {
  const charactersLong = 200_000
  const pieces = [...hostile, ...harmless, ...hostile.map((text) => text.slice(0, -1)), ' ', 'a', '(', '1', '-']
  for (const piece of pieces) {
    if (piece !== '') hitsIn(detector, piece.repeat(Math.ceil(charactersLong / piece.length)))
  }
}

function hitsIn(detector: ContentDetector, text: string): readonly DetectorHit[] {
  return detector.detect(Object.freeze({ text, role: 'user', direction: 'request', tool: undefined }))
}

/** A classifier with texts to try it on. */
export interface OpenedClassifier {
  readonly classifier: Classifier
  /** A text that it must judge, and one that it must not. */
  readonly hostile: string
  readonly harmless: string
  /** Default: null, as for an agent without a semantic policy. */
  readonly topics?: Topics | null
  close?(): Promise<void>
}

/**
 * The behaviour of every classifier of Shroud. Each case opens a new one.
 *
 * @example
 * testClassifier('toxicity', () => ({ classifier: toxicity(), hostile: 'You fool', harmless: 'Hello' }), { describe, it })
 */
export function testClassifier(
  name: string,
  open: () => OpenedClassifier | Promise<OpenedClassifier>,
  runner: Runner,
): void {
  testEach(`${name}, a classifier`, open, classifierCases, runner)
}

const classifierCases: Readonly<Record<string, (opened: OpenedClassifier) => void | Promise<void>>> = {
  'has a name of lowercase letters, digits and underscores': ({ classifier }) => checkName(classifier.name),
  'judges a hostile text, and has nothing to say about a harmless one': judgesHostile,
  'finds the hostile text among others, and nothing in nothing': findsAmongOthers,
  'keeps calls that come at once apart': keepsApart,
  'ends when it is aborted': endsWhenAborted,
}

async function judgesHostile(opened: OpenedClassifier): Promise<void> {
  const judged = await asked(opened, [opened.hostile])
  check(judged.length > 0, 'said nothing about the hostile text')
  for (const one of judged) {
    checkJudgement(one, opened.hostile)
    check(one.action === 'warn' || one.action === 'block', `gave the action ${one.action}`)
  }
  const harmless = await asked(opened, [opened.harmless])
  check(harmless.length === 0, `said ${JSON.stringify(harmless)} about the harmless text`)
}

async function findsAmongOthers(opened: OpenedClassifier): Promise<void> {
  const { hostile, harmless } = opened
  check((await asked(opened, [harmless, hostile, harmless])).length > 0, 'overlooked the hostile text')
  check((await asked(opened, [])).length === 0, 'judged nothing')
}

async function keepsApart(opened: OpenedClassifier): Promise<void> {
  const texts = [opened.hostile, opened.harmless, opened.hostile]
  const judged = await Promise.all(texts.map((text) => asked(opened, [text])))
  const found = judged.map((one) => one.length > 0)
  check(found.join() === 'true,false,true', `found ${found}`)
}

/** By a rejection or by an answer: both are an end. */
async function endsWhenAborted(opened: OpenedClassifier): Promise<void> {
  const leaving = new AbortController()
  leaving.abort(new Error('enough'))
  await asked(opened, [opened.hostile], leaving.signal).catch(() => [])
}

function asked(
  { classifier, topics = null }: OpenedClassifier,
  texts: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Judgement[]> {
  const content = texts.map((text): ShroudText => Object.freeze({ text, role: 'user', direction: 'request' }))
  return classifier.classify(Object.freeze({ texts: Object.freeze(content), topics, signal }))
}

function checkName(name: string): void {
  check(/^[a-z][a-z0-9_]{0,31}$/.test(name), `is named ${name}`)
}

function checkJudgement({ rule, severity, score }: Omit<Judgement, 'action'>, text: string): void {
  check(/^[a-z][a-z0-9_]{0,63}$/.test(rule), `has a rule with the name ${rule}`)
  check(rule.length < 8 || !text.includes(rule), 'has a rule that repeats the text')
  check(['low', 'medium', 'high', 'critical'].includes(severity), `gave the severity ${severity}`)
  check(score >= 0 && score <= 1, `gave the score ${score}`)
}
