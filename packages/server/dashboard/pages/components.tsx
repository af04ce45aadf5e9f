import { useState } from 'react'
import {
  AreaField,
  Bars,
  Button,
  CheckField,
  ChoiceField,
  Code,
  Dialog,
  Empty,
  Facts,
  Form,
  List,
  Meter,
  Note,
  Page,
  ProblemText,
  ProofFields,
  SecretValue,
  Section,
  ShownOnce,
  Snippets,
  State,
  say,
  Table,
  Tabs,
  TextField,
  Time,
  Timeline,
  type TimelineStep,
  Tree,
  Waiting,
} from '../components/index.ts'

const rows = [
  { path: 'api-keys/openai', version: 3 },
  { path: 'db/production/password', version: 1 },
  { path: 'db/staging/password', version: 12 },
]

const bars = ['Mon', 'Tue', 'Wed'].map((label, at) => ({
  label,
  parts: [
    { tone: 'plain', value: [2, 4, 2][at] ?? 0 },
    { tone: 'bad', value: [1, 1, 0][at] ?? 0 },
  ] as const,
}))

const steps: readonly TimelineStep[] = [
  { id: 'a', at: '2026-01-05T09:30:00Z', icon: 'key', tone: 'plain', title: 'Read db/url', end: null, more: null },
  {
    ...{ id: 'b', at: '2026-01-05T09:31:00Z', icon: 'stop', tone: 'bad', title: 'Read db/root', more: null },
    end: <State tone="bad">denied</State>,
  },
]

/** Every component once, in its states. */
export function ComponentsPage() {
  const [open, setOpen] = useState(false)
  const [tab, setTab] = useState('one')
  const [path, setPath] = useState<string | null>(null)
  return (
    <Page title="Components" lead="What pages are made of. Each is here in its states." crumbs="Development">
      <Section title="Buttons">
        <div className="row">
          <Button look="primary" icon="plus">
            Primary
          </Button>
          <Button icon="copy">Plain</Button>
          <Button look="quiet">Quiet</Button>
          <Button look="danger" icon="bin">
            Danger
          </Button>
          <Button busy>Busy</Button>
          <Button disabled>Disabled</Button>
        </div>
      </Section>
      <Section title="States">
        <div className="row">
          <State tone="good">active</State>
          <State tone="bad">denied</State>
          <State tone="warn">expired</State>
          <State tone="plain">newest</State>
        </div>
      </Section>
      <Section title="Form">
        <div className="card">
          <Form onSend={async () => say('Sent')} button="Send">
            <div className="form-row">
              <TextField name="name" label="Name" placeholder="production" hint="A hint says what helps." />
              <ChoiceField
                name="type"
                label="Type"
                choices={[
                  ['a', 'API key'],
                  ['b', 'Password'],
                ]}
              />
            </div>
            <AreaField name="text" label="Several lines" mono rows={2} />
            <CheckField name="yes" label="Yes or no." hint="What it does." />
          </Form>
        </div>
      </Section>
      <Section title="Messages">
        <Note>A fact to know before going on.</Note>
        <Note tone="warn">Something that needs an answer.</Note>
        <ProblemText error={null} />
        <Waiting />
      </Section>
      <Section title="Values">
        <SecretValue read={async () => 'correct horse battery staple'} what="Value" />
        <ShownOnce value="ocv_example" what="Key" isInUse={false} />
        <Code text={'curl -s http://127.0.0.1:8210/healthz'} what="Line" />
        <Snippets
          of={[
            ['curl', 'curl …'],
            ['TypeScript', 'createClient(…)'],
          ]}
        />
      </Section>
      <Section title="Table, facts, tabs, tree">
        <Tabs
          label="Example"
          tabs={[
            ['one', 'Table'],
            ['two', 'Facts'],
          ]}
          chosen={tab}
          onChoose={setTab}
        >
          {tab === 'one' ? (
            <Table
              label="Example"
              rows={rows}
              keyOf={(row) => row.path}
              columns={[
                { title: 'Path', cell: (row) => <code>{row.path}</code> },
                { title: 'Version', cell: (row) => row.version },
              ]}
            />
          ) : (
            <Facts
              of={[
                ['Stored', <Time key="time" at={new Date(Date.now() - 7_200_000).toISOString()} />],
                ['Type', 'api_key'],
              ]}
            />
          )}
        </Tabs>
        <Tree label="Example" items={rows} search="" chosen={path} onChoose={setPath} />
      </Section>
      <Section title="Charts and meters">
        <div className="charts">
          <div className="card">
            <Bars label="Requests by day: 3, 5 and 2" bars={bars} />
          </div>
          <div className="card stack">
            <Meter label="In 24 hours" used={3} limit={8}>
              5 of 8 ETH left
            </Meter>
            <Meter label="Transactions today" used={19} limit={20}>
              1 of 20 left
            </Meter>
          </div>
        </div>
      </Section>
      <Section title="Timeline">
        <Timeline label="Example" steps={steps} />
      </Section>
      <Section title="List">
        <List
          label="Example"
          of={{ data: [], error: null }}
          keyOf={String}
          columns={[]}
          empty={{ icon: 'vault', title: 'Nothing yet', text: 'What would be here.' }}
        />
      </Section>
      <Section title="Proof">
        <div className="card">
          <Form onSend={async () => say('Sent')} button="Send">
            <ProofFields purpose="approval.decide" />
          </Form>
        </div>
      </Section>
      <Section title="Dialog">
        <div>
          <Button onClick={() => setOpen(true)}>Open</Button>
        </div>
        <Dialog title="A dialog" open={open} onClose={() => setOpen(false)}>
          <p>The focus stays in it, and Escape closes it.</p>
        </Dialog>
      </Section>
      <Section title="Nothing yet">
        <div className="card">
          <Empty icon="vault" title="No vault yet" action={<Button look="primary">New vault</Button>}>
            What would be here, and how to begin.
          </Empty>
        </div>
      </Section>
    </Page>
  )
}
