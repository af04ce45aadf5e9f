import * as z from 'zod'
import {
  AfterCommit,
  type Engine,
  fields,
  settingsOf as heldSettings,
  knownCaller,
  operation,
  tool,
} from '../../../operations/index.ts'
import { agentKind, agentNotFound } from '../../agents/index.ts'
import { shroudAgentSettings } from '../agent-settings.ts'
import { classify } from '../classify.ts'
import { pluginDetectors } from '../detectors/plugins.ts'
import { type ContentContext, inspectContent, type Plugged } from '../inspect-content.ts'
import { type KnownSecrets, noSecrets } from '../redaction/known-secrets.ts'
import { knownSecrets } from '../redaction/known-secrets-of.ts'
import { type ShroudSettings, settingsOf } from '../settings.ts'

const charactersMax = 200_000

const content = () => fields.text(charactersMax).describe('The text.')

const direction = () =>
  z
    .enum(['input', 'output'], 'must be one of input, output')
    .describe(
      'input: a text that the agent received. output: a text that the agent wants to send or use. Default: output.',
    )

const Threat = z
  .object({
    type: z.string().describe('The kind of threat, such as command_injection or secret_leak.'),
    pattern: z.string().describe('The name of the rule.'),
    severity: z.enum(['low', 'medium', 'high', 'critical']),
    match: z.string().describe('The text that matched, up to 80 characters. A marker stands in the place of a secret.'),
  })
  .meta({ id: 'InspectedThreat' })

const ContentVerdict = z
  .object({
    verdict: z.enum(['clean', 'warning', 'suspicious', 'malicious']),
    safe: z.boolean(),
    threat_count: fields.count(),
    threats: z.array(Threat),
    unicode_normalized: z
      .boolean()
      .describe('Whether the text has hidden characters, look-alikes or compatible forms.'),
    redacted_content: z.string().optional().describe('The text without secrets and personal data, if it has some.'),
    normalized_content: z.string().optional().describe('The text in its normal form, if it is not in it.'),
  })
  .meta({ id: 'InspectContentResponse' })

export const inspectContentOperation = operation({
  name: 'shroud.inspectContent',
  summary: 'Inspect a text for injections, secrets, personal data and other threats.',
  http: {
    method: 'POST',
    path: '/v1/shroud/inspect-content',
    status: 200,
    id: 'inspectContent',
    tag: 'Shroud',
  },
  tools: [
    tool({
      name: 'inspect_content',
      summary:
        'Inspect a text before you use it or send it: injections, commands, secrets, personal data, addresses. ' +
        'The secrets that you may read are replaced in redacted_content.',
      input: z.object({ content: content(), context: direction().optional() }),
      call: (given) => given,
    }),
  ],
  command: { name: 'shroud inspect', positionals: ['content'], columns: ['type', 'pattern', 'severity', 'match'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent', 'app'] },
  audit: {
    action: 'shroud.inspect',
    resource: 'text',
    about: ({ context = 'output', content: text }) => ({ context, characters: text.length }),
  },
  input: z.object({ content: content(), context: fields.optional(direction()) }),
  output: ContentVerdict,
  errors: [agentNotFound],
  run: (context, { content: text, context: way = 'output' }) => {
    const caller = knownCaller(context)
    const judge = async (engine: Engine, settings: ShroudSettings, known: KnownSecrets) => {
      const plugged = await pluggedFor(engine, { text, way, settings, known })
      return inspectContent(text, way, settings, known, plugged)
    }
    if (caller.kind !== 'agent') return new AfterCommit({}, (engine) => judge(engine, everything, noSecrets))
    const agent = context.unit.require(agentKind, caller.id, agentNotFound)
    const settings = settingsOf(heldSettings(shroudAgentSettings, agent.settings).shroud_config ?? {})
    return new AfterCommit({}, async (engine) => {
      const known = settings.redactsSecrets ? await knownSecrets(engine, caller.org, caller.id) : noSecrets
      return judge(engine, settings, known)
    })
  },
})

interface Asked {
  readonly text: string
  readonly way: ContentContext
  readonly settings: ShroudSettings
  readonly known: KnownSecrets
}

/** What plug-ins find in the text. Classifiers get it without the known secrets. */
async function pluggedFor(engine: Engine, { text, way, settings, known }: Asked): Promise<Plugged> {
  const detectors = pluginDetectors(engine.shroud.detectors)
  const direction = way === 'input' ? 'request' : 'response'
  const part = { text: known.redactor.whole(text).text, role: way === 'input' ? 'user' : 'tool' } as const
  const judged = await classify(engine, { parts: [part], direction, settings, signal: undefined })
  return { detectors, judged }
}

/** Callers without settings of their own get every detector that needs none. */
const everything = settingsOf({ filesystem_detection: {}, secret_injection_detection: {}, tool_call_inspection: {} })
