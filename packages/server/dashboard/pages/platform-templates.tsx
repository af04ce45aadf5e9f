import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, FieldProblem } from '../api.ts'
import { templates } from '../asked.ts'
import {
  Answer,
  AreaField,
  Button,
  Code,
  Confirm,
  Dialog,
  Form,
  List,
  State,
  say,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

type Template = Awaited<ReturnType<typeof api.platform.getTemplate>>

const first = {
  vault: { name: 'main' },
  agents: [{ name: 'primary' }],
  policies: [{ principal_ref: 'agents.primary', vault_ref: 'vault', paths: ['**'], permissions: ['read'] }],
}

/** What a bootstrap makes for each user of an app. */
export function Templates({ appId }: { readonly appId: string }) {
  const cache = useQueryClient()
  const [isNew, setNew] = useState(false)
  const [changed, change] = useState<Template | null>(null)
  const [shown, show] = useState<Template | null>(null)
  const [removed, remove] = useState<Template | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['platform', appId, 'templates'] })
  return (
    <>
      <List
        label="Templates"
        of={useQuery(templates(appId))}
        keyOf={({ id }) => id}
        empty={{
          icon: 'platform',
          title: 'No template yet',
          text: 'A template says which vault, agents and policies each user gets. Without one, a user gets a vault and one agent that reads it.',
        }}
        creating={{
          ...{ title: 'New template', open: isNew, onOpen: setNew },
          form: <TemplateForm appId={appId} of={null} onDone={refresh} onClose={() => setNew(false)} />,
        }}
        columns={[
          { title: 'Name', cell: ({ name }) => <span className="wrap">{name}</span> },
          { title: 'Version', className: 'end', cell: ({ version }) => version },
          {
            title: 'State',
            cell: ({ is_active }) => (is_active ? <State tone="good">active</State> : <State tone="plain">off</State>),
          },
          { title: 'Changed', cell: ({ updated_at }) => <Time at={updated_at} /> },
          {
            title: '',
            className: 'end',
            cell: (one) => (
              <>
                <Button look="quiet" icon="eye" onClick={() => show(one)}>
                  Preview
                </Button>
                <Button look="quiet" onClick={() => change(one)}>
                  Change
                </Button>
                <Button look="quiet" onClick={() => remove(one)}>
                  Delete
                </Button>
              </>
            ),
          },
        ]}
      />
      <Dialog title={`Change ${changed?.name ?? ''}`} wide open={changed !== null} onClose={() => change(null)}>
        {changed && <TemplateForm appId={appId} of={changed} onDone={refresh} onClose={() => change(null)} />}
      </Dialog>
      <Dialog title={`What ${shown?.name ?? ''} makes`} wide open={shown !== null} onClose={() => show(null)}>
        {shown && <Preview appId={appId} of={shown} />}
      </Dialog>
      <Confirm
        title={`Delete ${removed?.name ?? ''}`}
        open={removed !== null}
        onClose={() => remove(null)}
        button="Delete the template"
        onConfirm={async () => {
          await api.platform.deleteTemplate({ app_id: appId, template_id: removed?.id ?? '' })
          await refresh()
        }}
      >
        <p>What was made from it stays.</p>
      </Confirm>
    </>
  )
}

interface TemplateFormProps {
  readonly appId: string
  /** Null: a new one. */
  readonly of: Template | null
  readonly onDone: () => Promise<unknown>
  readonly onClose: () => void
}

function TemplateForm({ appId, of, onDone, onClose }: TemplateFormProps) {
  const send = async (data: FormData) => {
    const named = { name: textIn(data, 'name') ?? '', description: textIn(data, 'description') ?? '' }
    const stored = { app_id: appId, ...named, spec: specIn(data) }
    if (of) await api.platform.updateTemplate({ ...stored, template_id: of.id })
    else await api.platform.createTemplate(stored)
    say('The template is stored')
    onClose()
    await onDone()
  }
  return (
    <Form onSend={send} button={of ? 'Save' : 'Create the template'} onCancel={onClose}>
      <div className="form-row">
        <TextField name="name" label="Name" required defaultValue={of?.name} />
        <TextField name="description" label="Purpose" defaultValue={of?.description} />
      </div>
      <AreaField
        name="spec"
        label="Specification"
        mono
        rows={12}
        required
        defaultValue={JSON.stringify(of?.spec ?? first, null, 2)}
        hint="JSON with vault, agents, policies and signing_keys. {{params.name}} is filled in by the call."
      />
    </Form>
  )
}

function specIn(data: FormData): Template['spec'] {
  try {
    return JSON.parse(String(data.get('spec'))) as Template['spec']
  } catch {
    throw new FieldProblem('spec', 'must be JSON')
  }
}

function Preview({ appId, of }: { readonly appId: string; readonly of: Template }) {
  const asked = useQuery({
    queryKey: ['platform', appId, 'templates', of.id, of.version, 'preview'],
    queryFn: () => api.platform.previewTemplate({ app_id: appId, template_id: of.id }),
  })
  return (
    <Answer of={asked}>
      {({ resolved_spec }) => <Code what="What it makes" text={JSON.stringify(resolved_spec, null, 2)} />}
    </Answer>
  )
}
