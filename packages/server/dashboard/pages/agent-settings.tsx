import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../api.ts'
import { agent } from '../asked.ts'
import { Answer, AreaField, CheckField, Form, say, TextField, textIn } from '../components/index.ts'
import { KeyAndEnd } from './key-and-end.tsx'

/** The general settings of an agent, its key, and its deletion. */
export function AgentSettings({ agentId }: { readonly agentId: string }) {
  const asked = useQuery(agent(agentId))
  const cache = useQueryClient()
  const navigate = useNavigate()
  const refresh = () => cache.invalidateQueries({ queryKey: ['agents'] })
  const save = async (data: FormData) => {
    const ttl = textIn(data, 'token_ttl_seconds')
    await api.agents.update({
      agent_id: agentId,
      name: textIn(data, 'name') ?? '',
      description: textIn(data, 'description') ?? '',
      environment: textIn(data, 'environment') ?? null,
      token_ttl_seconds: ttl === undefined ? null : Number(ttl),
      link_shares_enabled: data.has('link_shares_enabled'),
      execution_intents_enabled: data.has('execution_intents_enabled'),
    })
    say('The settings are stored')
    await refresh()
  }
  const rotate = async (overlap_seconds: number) => {
    const { api_key } = await api.agents.rotateKey({ agent_id: agentId, overlap_seconds })
    // The key is shown once, so it waits for nothing.
    void refresh()
    return api_key.reveal()
  }
  const remove = async () => {
    await api.agents.delete({ agent_id: agentId })
    await navigate({ to: '/agents' })
    await refresh()
  }
  return (
    <Answer of={asked}>
      {(known) => (
        <div className="stack loose">
          <div className="card">
            <Form key={known.id} onSend={save} button="Save">
              <div className="form-row">
                <TextField name="name" label="Name" defaultValue={known.name} required />
                <TextField name="environment" label="Environment" defaultValue={known.environment ?? ''} />
                <TextField
                  name="token_ttl_seconds"
                  label="Lifetime of its tokens"
                  type="number"
                  min={60}
                  defaultValue={known.token_ttl_seconds ?? ''}
                  hint="Seconds. Empty: the default of the server."
                />
              </div>
              <AreaField name="description" label="Purpose" rows={2} defaultValue={known.description} />
              <CheckField
                name="link_shares_enabled"
                label="It may share secrets by link."
                hint="Every holder of the link can read the secret."
                defaultChecked={known.link_shares_enabled ?? false}
              />
              <CheckField
                name="execution_intents_enabled"
                label="It may call services through its bindings."
                hint="It never sees the credential."
                defaultChecked={known.execution_intents_enabled ?? false}
              />
            </Form>
          </div>
          <KeyAndEnd what="agent" name={known.name} rotate={rotate} remove={remove}>
            <p>Its keys, tokens and policies go with it. Its audit events stay. Nothing can bring it back.</p>
          </KeyAndEnd>
        </div>
      )}
    </Answer>
  )
}
