import type { api } from '../api.ts'

type Answer = Awaited<ReturnType<typeof api.policies.reach>>
export type ReachColumn = Answer['columns'][number]
export type ReachRow = Answer['principals'][number]
export type ReachCell = ReachRow['cells'][number]
export type ReachPolicy = Answer['policies'][number]

const marks = [
  ['read', 'R'],
  ['write', 'W'],
  ['delete', 'D'],
  ['rotate', 'T'],
] as const

type Amount = ReachCell['read']

/** The permissions of one principal in one place, as letters. The first count says how much of a folder a part is. */
export function Marks({ cell, of }: { readonly cell: ReachCell | undefined; readonly of: number }) {
  if (!cell) return <Mark letter="·" amount="none" />
  const partly = marks.flatMap(([name]) => cell.counts?.[name] ?? [])[0]
  return (
    <>
      {marks.map(([name, letter]) => (
        <Mark key={name} letter={letter} amount={cell[name]} />
      ))}
      {partly !== undefined && <span className="cell-count" aria-hidden="true">{`${partly}/${of}`}</span>}
    </>
  )
}

export function Mark({ letter, amount }: { readonly letter: string; readonly amount: Amount }) {
  return (
    <span className={`mark ${amount}`} aria-hidden="true">
      {amount === 'none' ? '·' : letter}
    </span>
  )
}

/** A cell in words: `read, 3 of 12 write. Allowed by policy db/**.` */
export function wordsOf(
  cell: ReachCell | undefined,
  { secrets }: ReachColumn,
  policies: ReadonlyMap<string, ReachPolicy>,
): string {
  if (!cell) return 'nothing'
  const deciding = (cell.policy_ids ?? []).flatMap((id) => policies.get(id) ?? [])
  return [amountsOf(cell, secrets), decidedBy('Allowed', 'allow', deciding), decidedBy('Denied', 'deny', deciding)]
    .filter(Boolean)
    .join('. ')
}

function amountsOf(cell: ReachCell, secrets: number): string {
  const all = marks.filter(([name]) => cell[name] === 'all').map(([name]) => name)
  const some = marks.flatMap(([name]) => (cell.counts?.[name] ? [`${name} ${cell.counts[name]} of ${secrets}`] : []))
  return [...all, ...some].join(', ') || 'nothing'
}

function decidedBy(verb: string, effect: ReachPolicy['effect'], policies: readonly ReachPolicy[]): string {
  const patterns = policies.filter((one) => one.effect === effect).map((one) => one.secret_path_pattern)
  if (patterns.length === 0) return ''
  return `${verb} by ${patterns.length === 1 ? 'policy' : 'policies'} ${[...new Set(patterns)].join(', ')}`
}
