/** The files of a small area that has one of everything, by their path in a checkout. */
export const labels: Readonly<Record<string, string>> = {
  'packages/core/src/areas/labels/index.ts': `import { agentFields, area, switchSetting } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { labelOperations } from './operations/index.ts'
import { labelKind } from './records.ts'

export const labels = area({
  name: 'labels',
  summary: 'Words that people stick on agents.',
  uses: ['agents'],
  operations: labelOperations,
  kinds: [labelKind],
  onRemoved: { agent: { asJob: ({ records }, { org, id }) => dropAll(records, org, labelKind, 'agent', id) } },
  listensTo: { 'label.add': async ({ log }, event) => log('info', 'a label was added', { event: event.id }) },
  agentSettings: {
    labels_locked: switchSetting(agentFields.flag().describe('Whether the labels of the agent are final.'), {
      strictest: true,
    }),
  },
})
`,
  'packages/core/src/areas/labels/records.ts': `import { kind } from '../../records/index.ts'

export interface Label {
  readonly id: string
  readonly agentId: string
  readonly text: string
  readonly createdAt: number
}

export const labelKind = kind<Label>('label', {
  indexes: { agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] } },
})
`,
  'packages/core/src/areas/labels/schemas.ts': `import * as z from 'zod'
import { fields } from '../../operations/index.ts'
import type { Label } from './records.ts'

export const agentRef = { agent_id: fields.id() }

export const LabelBody = z.object({ id: fields.id(), text: z.string() }).meta({ id: 'Label' })

export function labelBody({ id, text }: Label): z.output<typeof LabelBody> {
  return { id, text }
}
`,
  'packages/core/src/areas/labels/errors.ts': `import { defineError } from '../../kernel/errors.ts'

export const labelNotFound = defineError('label_not_found', 'not_found', 'The agent has no label with this ID.')
`,
  'packages/core/src/areas/labels/operations/index.ts': `import { addLabel } from './add-label.ts'
import { listLabels } from './list-labels.ts'
import { removeLabel } from './remove-label.ts'

export const labelOperations = { add: addLabel, list: listLabels, remove: removeLabel }
`,
  'packages/core/src/areas/labels/operations/add-label.ts': `import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { labelKind } from '../records.ts'
import { agentRef, LabelBody, labelBody } from '../schemas.ts'

export const addLabel = operation({
  name: 'labels.add',
  summary: 'Add a label to an agent.',
  http: { method: 'POST', path: '/v1/agents/{agent_id}/labels', status: 201, id: 'addLabel', tag: 'Labels' },
  tools: [{ name: 'add_label', summary: 'Add a label to an agent.' }],
  command: { positionals: ['agent_id', 'text'] },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'label.add', resource: 'label', about: ({ agent_id }, made) => ({ id: made?.id, agent_id }) },
  input: z.object({ ...agentRef, text: fields.text(100).describe('The label.') }),
  output: LabelBody,
  errors: [agentNotFound],
  run: ({ unit, now, newId }, { agent_id: agentId, text }) => {
    const label = { id: newId(), agentId, text, createdAt: now }
    unit.put(labelKind, label)
    return labelBody(label)
  },
})
`,
  'packages/core/src/areas/labels/operations/list-labels.ts': `import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { labelKind } from '../records.ts'
import { agentRef, LabelBody, labelBody } from '../schemas.ts'

export const listLabels = operation({
  name: 'labels.list',
  summary: 'List the labels of an agent.',
  http: { method: 'GET', path: '/v1/agents/{agent_id}/labels', status: 200, id: 'listLabels', tag: 'Labels' },
  effect: 'read',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'label.list', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object(agentRef),
  output: z.object({ labels: z.array(LabelBody) }),
  errors: [agentNotFound],
  run: ({ unit }, { agent_id }) => ({ labels: unit.list(labelKind, 'agent', agent_id).map(labelBody) }),
})
`,
  'packages/core/src/areas/labels/operations/remove-label.ts': `import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { labelNotFound } from '../errors.ts'
import { labelKind } from '../records.ts'
import { agentRef } from '../schemas.ts'

export const removeLabel = operation({
  name: 'labels.remove',
  summary: 'Remove a label of an agent.',
  http: {
    method: 'DELETE',
    path: '/v1/agents/{agent_id}/labels/{label_id}',
    status: 204,
    id: 'removeLabel',
    tag: 'Labels',
  },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'label.remove', resource: 'label', about: ({ label_id, agent_id }) => ({ id: label_id, agent_id }) },
  input: z.object({ ...agentRef, label_id: fields.id() }),
  output: z.undefined(),
  errors: [agentNotFound, labelNotFound],
  run: ({ unit }, { agent_id, label_id }) => {
    const label = unit.require(labelKind, label_id, labelNotFound)
    if (label.agentId !== agent_id) throw labelNotFound()
    unit.delete(labelKind, label)
    return undefined
  },
})
`,
  'packages/testkit/src/world/examples/labels.ts': `import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const ownAgent = async (world: World) => {
  const { id } = await world.agent({ name: 'ci' })
  return { who: { user: world.ownerId }, input: { agent_id: id } }
}

const labelled = async (world: World) => {
  const { who, input } = await ownAgent(world)
  const { id } = await world.owner.labels.add({ ...input, text: 'blue' })
  return { who, input: { ...input, label_id: id } }
}

export const labelExamples: ExamplesOf<'labels'> = {
  add: async (world) => {
    const { who, input } = await ownAgent(world)
    return { who, input: { ...input, text: 'blue' } }
  },
  list: ownAgent,
  remove: labelled,
}
`,
}

/** The lines that other files get, before the line that begins like this. */
export const lines: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'packages/core/src/areas/index.ts': {
    'import { ledger }': "import { labels } from './labels/index.ts'\n",
    '  guardrails,': '  labels,\n',
  },
  'packages/testkit/src/world/examples/index.ts': {
    'import { ledgerExamples }': "import { labelExamples } from './labels.ts'\n",
    '  audit: ': '  labels: labelExamples,\n',
  },
}
