import { globSegments } from '../../kernel/globs.ts'
import { madeOnce } from '../../kernel/maps.ts'
import { PathNode, Place, unranked } from './path-tree.ts'
import type { Permission, Policy } from './policy.ts'

// Decides for whole folders. A walk along the secrets visits a folder only where a pattern ends in it or leads into it.

/** What policies and path scopes say about a folder and all below it. A number is the rank of every path there. */
export interface Standing {
  readonly rules: Place<unknown> | number
  /** The rank is `unranked` where the scopes of the agent do not cover the path. */
  readonly scopes: Place<unknown> | number
}

/** For one principal. A rank is the place of a policy in `policies`. */
export interface RankedAccess extends Pick<Standing, 'scopes'> {
  readonly policies: readonly Policy[]
  readonly rules: Readonly<Record<Permission, Standing['rules']>>
  /** Equal for principals whom the rules give the same ranks, at the same time and from the same address. */
  readonly alike: string
}

/** The rank of the owner of a vault. Policies do not apply to the owner. */
export const ownerRank = -1

export function isAllowed(rank: number, policies: readonly Policy[]): boolean {
  return rank === ownerRank || policies[rank]?.effect === 'allow'
}

/** The path scopes of an agent as a tree of globs, all with the rank 0. Without scopes, every path is covered. */
export function placeOfScopes(scopes: readonly string[]): Standing['scopes'] {
  if (scopes.length === 0) return 0
  const root = new PathNode<true>(0)
  for (const scope of scopes) {
    const segments = globSegments(scope)
    if (segments) root.add(segments, 0).value = true
  }
  return Place.at(root, () => 0) as Place<unknown>
}

/** Secrets of a vault by the segments of their paths. */
export interface SecretNode {
  /** The path of this node, if there is a secret with it. */
  own: string | null
  /** Secrets with this path and below. */
  total: number
  readonly children: Map<string, SecretNode>
}

const emptyNode = (): SecretNode => ({ own: null, total: 0, children: new Map() })

export function treeOfSecrets(secrets: readonly { readonly path: string }[]): SecretNode {
  const root = emptyNode()
  for (const { path } of secrets) {
    let node = root
    node.total++
    for (const segment of path.split('/')) {
      node = madeOnce(node.children, segment, emptyNode)
      node.total++
    }
    node.own = path
  }
  return root
}

/** What each rank decides about: how many secrets, and one of them. */
export type Tally = Map<number, { secrets: number; readonly example: () => string }>

/** Counts what a walk visits, so that the caller can end it. */
export interface Meter {
  visits: number
}

/** Adds what is decided about the secret of a node and all below it. */
export function tallyNode(node: SecretNode, standing: Standing, tally: Tally, meter: Meter): void {
  meter.visits++
  const { own } = node
  if (own !== null) add(tally, hereAt(standing), 1, () => own)
  tallyBelow(node, standing, tally, meter)
}

/** Adds what is decided about all secrets below a node. */
export function tallyBelow(node: SecretNode, standing: Standing, tally: Tally, meter: Meter): void {
  const { children } = node
  let rest = node.total - (node.own === null ? 0 : 1)
  const segments = segmentsAt(standing)
  const visit = (segment: string, child: SecretNode) => {
    rest -= child.total
    tallyNode(child, into(standing, segment), tally, meter)
  }
  if (segments === null || segments.size > children.size) {
    for (const [segment, child] of children) if (segments?.has(segment) ?? true) visit(segment, child)
    meter.visits += segments === null ? 0 : children.size
  } else {
    for (const segment of segments) {
      const child = children.get(segment)
      if (child) visit(segment, child)
    }
    meter.visits += segments.size
  }
  if (rest > 0) add(tally, belowAt(standing), rest, () => firstBelow(children, segments ?? noSegments))
}

/** The first secret below a node that is behind none of these segments. There is one. */
function firstBelow(children: SecretNode['children'], without: ReadonlySet<string>): string {
  for (const [segment, child] of children) {
    if (!without.has(segment)) return child.own ?? firstBelow(child.children, noSegments)
  }
  throw new TypeError('no secret is below this node')
}

/** What policies and scopes say behind a segment. */
export function into({ rules, scopes }: Standing, segment: string): Standing {
  return {
    rules: typeof rules === 'number' ? rules : rules.into(segment),
    scopes: typeof scopes === 'number' ? scopes : scopes.into(segment),
  }
}

/** The rank that decides about a path. */
export function hereAt({ rules, scopes }: Standing): number {
  const isCovered = (typeof scopes === 'number' ? scopes : scopes.here) !== unranked
  if (!isCovered) return unranked
  return typeof rules === 'number' ? rules : rules.here
}

/** The rank for all paths below that are behind no segment of `segmentsAt`. */
function belowAt({ rules, scopes }: Standing): number {
  const isCovered = (typeof scopes === 'number' ? scopes : scopes.below) !== unranked
  if (!isCovered) return unranked
  return typeof rules === 'number' ? rules : rules.below
}

/** The segments behind which another rank can decide. Null: any segment can lead to one. */
function segmentsAt({ rules, scopes }: Standing): ReadonlySet<string> | null {
  if (typeof scopes === 'number') return typeof rules === 'number' ? noSegments : rules.segments
  if (typeof rules === 'number') return scopes.segments
  const [one, other] = [rules.segments, scopes.segments]
  return one === null || other === null ? null : new Set([...one, ...other])
}

const noSegments: ReadonlySet<string> = new Set()

/** Adds secrets that a rank decides about. */
export function add(tally: Tally, rank: number, secrets: number, example: () => string): void {
  const known = tally.get(rank)
  if (known) known.secrets += secrets
  else tally.set(rank, { secrets, example })
}
