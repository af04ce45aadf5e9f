import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { PawlError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import type { Engine } from '../../operations/index.ts'
import { type Admitted, admit } from './admit.ts'
import { AnswerBlocked, AnswerFilters, type Others } from './answer.ts'
import { classify } from './classify.ts'
import { pluginDetectors } from './detectors/plugins.ts'
import { factsOf, type Usage, usageIn, withOutputMax, withUsage } from './dialects/calls.ts'
import { textsOfRequest } from './dialects/texts.ts'
import { fieldNotPassedOn, providerFailed, shroudBlocked } from './errors.ts'
import { type Conversation, type Inspected, outputTokensDefault, type Request } from './inspected.ts'
import { blockedMessage, inspectionHeader } from './inspection-header.ts'
import { inspect, strictest } from './pipeline.ts'
import { policyOf } from './policy.ts'
import { priceOf } from './prices.ts'
import { shownHeaders } from './providers.ts'
import { type KnownSecrets, noSecrets } from './redaction/known-secrets.ts'
import { knownSecrets } from './redaction/known-secrets-of.ts'
import { send } from './send.ts'
import { settingsOf } from './settings.ts'
import { settleCall } from './settle.ts'
import { streamAnswer } from './stream-answer.ts'
import { takeStream } from './streams.ts'
import { type Part, passedBy, type Verdict } from './verdict.ts'

const answerBytesMax = 16 * 1024 * 1024

/**
 * Inspects a request, lets it pass or not, and passes the answer back. The order is the one that clients know: first what the
 * request says, then what the agent may, then the key of the provider.
 */
export async function converse(engine: Engine, request: Request): Promise<Conversation> {
  const inspected = await inspectRequest(engine, request)
  const giveBack = inspected.facts.isStreamed ? takeStream(engine, streamLimits(inspected)) : () => {}
  try {
    const admitted = await admit(engine, inspected)
    return await answer(engine, inspected, admitted, giveBack)
  } catch (error) {
    giveBack()
    throw error
  }
}

async function inspectRequest(engine: Engine, request: Request): Promise<Inspected> {
  const { org, agentId, config, route } = request
  const settings = settingsOf(config)
  const known = settings.redactsSecrets ? await knownSecrets(engine, org, agentId) : noSecrets
  const facts = factsOf(route, request.body)
  const texts = textsOfRequest(request.body)
  refuseUnknown(texts.unknownField, known)
  const found = inspect(texts.parts, settings, known, 'request', pluginDetectors(engine.shroud.detectors))
  const verdict = await withClassifiers(engine, { request, settings }, texts.parts, found)
  const policy = policyOf(config)
  const price = priceOf(engine.settings.modelPrices, facts.model)
  let others = 0
  const written = texts.write(verdict.texts, (text) => {
    const { text: passed, count } = known.redactor.whole(text)
    others += count
    return passed
  })
  const inNames = known.redactor.find(texts.names).length > 0
  const body = prepared({ route, facts, price, policy, routerKey: request.routerKey }, written)
  return {
    ...{ request, facts, settings, policy, known, price, body, bytes: utf8(JSON.stringify(body)) },
    roles: texts.parts.map(({ role }) => role),
    verdict: {
      ...verdict,
      // A name of a field cannot be replaced without another meaning.
      action: inNames ? 'block' : verdict.action === 'allow' && others > 0 ? 'redact' : verdict.action,
      secretsRedacted: verdict.secretsRedacted + others,
    },
  }
}

/** The verdict with the findings of the classifiers, which need not see what is refused already. */
async function withClassifiers(
  engine: Engine,
  { request: { signal }, settings }: Pick<Inspected, 'request' | 'settings'>,
  parts: readonly Part[],
  verdict: Verdict,
): Promise<Verdict> {
  if (verdict.action === 'block') return verdict
  const judged = await classify(engine, { parts: passedBy(verdict, parts), direction: 'request', settings, signal })
  if (judged.length === 0) return verdict
  const action = strictest([verdict.action, ...judged.map((one) => one.action)])
  return { ...verdict, action, findings: [...judged, ...verdict.findings] }
}

function refuseUnknown(field: string | null, { redactor }: KnownSecrets): void {
  if (field === null) return
  const shown = redactor.whole(field).text.slice(0, 128)
  throw fieldNotPassedOn({ message: `the field ${shown} is not one that Shroud passes on` })
}

/** With numbers to count by, and with a limit where a budget must know the most that an answer can cost. */
function prepared(
  {
    route,
    facts,
    price,
    policy,
    routerKey,
  }: Pick<Inspected, 'facts' | 'price' | 'policy'> & Pick<Request, 'route' | 'routerKey'>,
  body: Json,
): Json {
  if (route.isCount) return body
  const counted = withUsage(route.dialect, body)
  const isBudgeted = policy.microsPerDay !== undefined || (routerKey?.spendMicrosMax ?? null) !== null
  if (!isBudgeted || facts.outputTokensMax !== null) return counted
  return withOutputMax(route.dialect, counted, price?.outputTokensMax ?? outputTokensDefault)
}

function streamLimits({ request, policy }: Inspected) {
  const { routerKey, agentId } = request
  const own = routerKey?.streamsMax ? [{ id: routerKey.id, max: routerKey.streamsMax }] : []
  return [{ id: agentId, max: policy.streamsMax }, ...own]
}

async function answer(
  engine: Engine,
  inspected: Inspected,
  admitted: Admitted,
  giveBack: () => void,
): Promise<Conversation> {
  const { settings, known, policy, verdict, facts } = inspected
  const filters = new AnswerFilters(settings, known, policy.heldCharacters, othersOf(engine, inspected))
  const inspection = inspectionHeader(verdict)
  const settle = (usage: Partial<Usage> | null, isBlocked = false, isFree = false) =>
    settleCall(engine, inspected, admitted, { usage, seen: filters.seen, isBlocked, isFree })
  try {
    const { status, headers, body } = await send(engine, inspected, admitted)
    const head = { status, inspection, headers: headOf(headers) }
    const isFine = status >= 200 && status < 300
    if (facts.isStreamed && isFine) {
      const pieces = streamAnswer({ inspected, filters, body, settle, giveBack })
      return { ...head, isStream: true, body: pieces }
    }
    const text = await textOf(body)
    const passed = isFine ? wholeAnswer(inspected, filters, text) : errorAnswer(filters, text)
    await filters.classified()
    await settle(passed.usage, false, !isFine)
    giveBack()
    return { ...head, isStream: false, body: once(passed.text) }
  } catch (error) {
    const isBlocked = error instanceof AnswerBlocked
    // No answer has come, so nothing was used. What was blocked has cost what it could have cost.
    await settle(null, isBlocked, !isBlocked)
    throw isBlocked ? blockedAnswer(error) : outward(error)
  }
}

function othersOf(engine: Engine, { request: { signal }, settings }: Inspected): Others {
  const { detectors, classifiers = [] } = engine.shroud
  const ask = (parts: readonly Part[]) => classify(engine, { parts, direction: 'response', settings, signal })
  return { detectors: pluginDetectors(detectors), classify: classifiers.length === 0 ? null : ask }
}

/** A redirect leads nowhere, so nobody needs to know where to. */
function headOf(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const type = headers['content-type']
  return { ...shownHeaders(headers), ...(type === undefined ? {} : { 'content-type': typeOf(type) }) }
}

function typeOf(type: string): string {
  return /^application\/(?:[a-z.+-]+\+)?json\b/i.test(type) ? 'application/json' : 'text/plain; charset=utf-8'
}

function wholeAnswer({ request }: Inspected, filters: AnswerFilters, text: string) {
  const answered = parse(text)
  if (answered === undefined) throw providerFailed({ message: 'the provider did not answer with JSON' })
  const usage = request.route.isCount ? null : usageIn(request.route.dialect, answered)
  return { usage, text: JSON.stringify(filters.whole(answered)) }
}

function errorAnswer(filters: AnswerFilters, text: string) {
  const answered = parse(text)
  return { usage: null, text: answered === undefined ? filters.plain(text) : JSON.stringify(filters.whole(answered)) }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    length += piece.length
    if (length > answerBytesMax) throw providerFailed({ message: 'the answer of the provider is too long' })
    pieces.push(piece)
  }
  return fromUtf8(joined(pieces, length))
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

function blockedAnswer({ verdict }: AnswerBlocked): PawlError {
  return shroudBlocked({ message: blockedMessage(verdict), inspection: inspectionHeader(verdict) })
}

/** Errors of our own stay as they are. Of others, the words may repeat what was sent. */
function outward(error: unknown): unknown {
  if (error instanceof PawlError) return error
  const isKnown = error instanceof Error && /^Egress(?:Denied|Failed)$/.test(error.name)
  return isKnown ? providerFailed({ message: error.message }) : error
}
