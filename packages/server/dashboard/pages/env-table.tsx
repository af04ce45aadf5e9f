import { formatEnv, isEnvName, parseEnv } from '@pawl/core/dotenv'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Button, Form, IconButton, Note, ProblemText, say, Waiting } from '../components/index.ts'
import { noteInput } from '../components/unsaved.ts'
import { useValues } from './values.ts'

interface EnvTableProps {
  readonly vaultId: string
  readonly path: string
  readonly read: () => Promise<string>
  readonly onClose: () => void
}

interface Row {
  readonly id: number
  readonly name: string
  readonly value: string
}

/** The variables of a bundle as a table. Storing makes one new version of the whole bundle. */
export function EnvTable({ vaultId, path, read, onClose }: EnvTableProps) {
  const [rows, setRows] = useState<readonly Row[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  // A removed row leaves no field that differs, so this field says that the person changed something.
  const removals = useRef<HTMLInputElement>(null)
  const cache = useQueryClient()
  const values = useValues(vaultId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each read leaves an event, so it is made once
  useEffect(() => {
    let isShown = true
    read().then(
      (text) => isShown && setRows(Object.entries(parseEnv(text)).map(([name, value], id) => ({ id, name, value }))),
      (failure) => isShown && setError(failure),
    )
    return () => {
      isShown = false
    }
  }, [])
  if (error !== null) return <ProblemText error={error} />
  if (rows === null) return <Waiting />
  const change = (id: number, part: Partial<Row>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)))
  const remove = (id: number) => {
    setRows(rows.filter((row) => row.id !== id))
    if (!removals.current) return
    removals.current.value += ` ${id}`
    noteInput({ target: removals.current })
  }
  const wrong = rows.filter(({ name }) => !isEnvName(name))
  const doubled = rows.filter(({ name }, at) => rows.findIndex((one) => one.name === name) !== at)
  const send = async () => {
    const value = formatEnv(Object.fromEntries(rows.map(({ name, value }) => [name, value])))
    const { version } = await values.store({ path, value, must_exist: true })
    say(`Version ${version} of ${path} is stored`)
    await cache.invalidateQueries({ queryKey: ['secrets', vaultId] })
    onClose()
  }
  return (
    <Form onSend={send} button="Store the variables" onCancel={onClose} disabled={wrong.length + doubled.length > 0}>
      <input type="hidden" ref={removals} />
      <table className="table env">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, value }, at) => (
            <tr key={id}>
              <td>
                <input
                  className="input mono"
                  aria-label={`Name of variable ${at + 1}`}
                  aria-invalid={isEnvName(name) ? undefined : 'true'}
                  value={name}
                  onChange={(event) => change(id, { name: event.target.value })}
                />
              </td>
              <td>
                <input
                  className="input mono"
                  aria-label={`Value of ${name || `variable ${at + 1}`}`}
                  value={value}
                  autoComplete="off"
                  onChange={(event) => change(id, { value: event.target.value })}
                />
              </td>
              <td className="end">
                <IconButton label={`Remove ${name || `variable ${at + 1}`}`} icon="bin" onClick={() => remove(id)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <Button
          icon="plus"
          onClick={() =>
            setRows([...rows, { id: Math.max(-1, ...rows.map((row) => row.id)) + 1, name: '', value: '' }])
          }
        >
          Add a variable
        </Button>
      </div>
      {wrong.length > 0 && (
        <Note tone="warn">A name has letters, digits and underscores, and does not begin with a digit.</Note>
      )}
      {doubled.length > 0 && <Note tone="warn">{doubled[0]?.name} is there twice.</Note>}
    </Form>
  )
}
