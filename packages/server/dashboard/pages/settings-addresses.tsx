import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { ipRules } from '../asked.ts'
import { Button, ChoiceField, Form, List, State, TextField, Time, textIn } from '../components/index.ts'

/** From which addresses callers of the organisation may come. */
export function AddressSettings() {
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const refresh = () => cache.invalidateQueries({ queryKey: ['ip-rules'] })
  const create = async (data: FormData) => {
    await api.security.createIpRule({
      rule_type: textIn(data, 'rule_type') as 'allow' | 'deny',
      cidr: textIn(data, 'cidr') ?? '',
      label: textIn(data, 'label'),
      applies_to: textIn(data, 'applies_to') as 'all' | 'users' | 'agents',
    })
    setOpen(false)
    await refresh()
  }
  const remove = async (rule_id: string) => {
    await api.security.deleteIpRule({ rule_id })
    await refresh()
  }
  return (
    <List
      label="IP rules"
      of={useQuery(ipRules)}
      keyOf={({ id }) => id}
      empty={{
        icon: 'policy',
        title: 'Any address may call',
        text: 'Once there is an allow rule, only its addresses may call. A deny rule keeps an address out in any case.',
      }}
      creating={{
        ...{ title: 'New rule', open, onOpen: setOpen },
        form: (
          <Form onSend={create} button="Create the rule" onCancel={() => setOpen(false)}>
            <div className="form-row">
              <ChoiceField
                name="rule_type"
                label="Rule"
                choices={[
                  ['allow', 'Allow'],
                  ['deny', 'Deny'],
                ]}
              />
              <ChoiceField
                name="applies_to"
                label="For"
                choices={[
                  ['all', 'People and agents'],
                  ['users', 'People'],
                  ['agents', 'Agents'],
                ]}
              />
            </div>
            <TextField name="cidr" label="Address or range" mono required placeholder="203.0.113.0/24" />
            <TextField name="label" label="Label" placeholder="Office" />
          </Form>
        ),
      }}
      columns={[
        {
          title: 'Rule',
          cell: ({ rule_type }) => <State tone={rule_type === 'allow' ? 'good' : 'bad'}>{rule_type}</State>,
        },
        { title: 'Addresses', cell: ({ cidr }) => <code>{cidr}</code> },
        { title: 'For', cell: ({ applies_to }) => applies_to },
        { title: 'Label', cell: ({ label }) => <span className="quiet wrap">{label}</span> },
        { title: 'Created', cell: ({ created_at }) => <Time at={created_at} /> },
        {
          title: '',
          className: 'end',
          cell: ({ id }) => (
            <Button look="quiet" act={() => remove(id)}>
              Delete
            </Button>
          ),
        },
      ]}
    />
  )
}
