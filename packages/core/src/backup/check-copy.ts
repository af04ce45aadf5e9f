import { openAuditVerifier } from '../areas/audit/index.ts'
import { checkValue, secretVersionKind } from '../areas/secrets/index.ts'
import { countKeyStores, keyStoreStatus, keyStoreUnavailable, vaultKeysKind } from '../areas/vaults/index.ts'
import { type Keyring, openKeyring } from '../crypto/keyring.ts'
import { isEncryptedByRecords } from '../engine/join-areas.ts'
import type { KeyStores } from '../operations/index.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Hsm } from '../ports/hsm.ts'
import { systemRandom } from '../ports/reference/index.ts'
import type { Kept, Ref, Storage } from '../ports/storage.ts'
import { codec } from '../records/codec.ts'
import { openBody, readingFrom } from '../records/index.ts'
import { CopyDiffers } from './errors.ts'
import { isKeyring, type Target } from './fill.ts'
import { isSigner } from './freeze-signing.ts'
import { RecordSum } from './record-sum.ts'

/** The findings in a copy that equals its source. */
export interface Checked {
  readonly records: number
  readonly bytes: number
  readonly lanes: number
  /** Number of values that were decrypted with their keys in the HSM: all of them, or an evenly spread sample. */
  readonly values: number
  /** Damage and missing keys from before the copy, one sentence each. Empty for a healthy vault. */
  readonly findings: readonly string[]
}

export interface CopyChecked {
  readonly checked: Checked
  /** The target with the keyring record, and the keyring that opens it. */
  readonly whole: Storage
  readonly ring: Keyring
  /** The organisations in which agents or wallets sign transactions. */
  readonly signers: ReadonlySet<string>
}

interface CheckOptions {
  readonly target: Target
  /** The keyring record, which is not written yet. */
  readonly keyring: Kept
  readonly expected: RecordSum
  readonly hsm: Hsm
  readonly keyStores: KeyStores
  readonly crypto: Crypto
  progress(records: number): void
}

const valuesTriedMax = 1_000
const findingsMax = 20

/**
 * Reads a whole copy again. Throws if it differs from its source. Then it decrypts every body that the engine encrypted
 * and a sample of the values, and verifies every lane of the audit trail.
 */
export async function checkCopy(options: CheckOptions): Promise<CopyChecked> {
  const { target, keyring, expected, hsm, keyStores, crypto } = options
  const whole = withRecord(target, keyring)
  const ring = await openKeyring(whole, hsm, crypto, systemRandom)
  const { open } = codec(ring)
  const findings: string[] = []
  const sum = new RecordSum(crypto)
  const versions = new Sample<string>(valuesTriedMax)
  const vaults = new Map<string, number>()
  const signers = new Set<string>()
  for await (const chunk of target.snapshot()) {
    for (const kept of chunk) {
      if (isKeyring(kept)) continue
      sum.add(kept)
      if (kept.kind === secretVersionKind.name) versions.offer(kept.id)
      if (isEncryptedByRecords(kept) && !openBody(ring, kept)) {
        findings.push(`A record ${kept.kind} cannot be decrypted.`)
        continue
      }
      if (kept.kind === vaultKeysKind.name) countKeyStores(vaults, open(vaultKeysKind, orgOf(kept), kept).value)
      if (isSigner(open, orgOf(kept), kept)) signers.add(orgOf(kept))
    }
    options.progress(sum.count)
  }
  if (!sum.equals(expected)) throw differs(sum, expected)
  const reading = readingFrom(whole, ring)
  findings.push(...(await keyStoreFindings({ hsm, keyStores }, vaults)))
  findings.push(...(await valueFindings({ hsm, keyStores, crypto }, versions.taken, reading)))
  const lanes = await laneFindings(whole, { hsm, crypto })
  findings.push(...lanes.findings)
  const [records, bytes] = [sum.count + 1, sum.bytes + keyring.body.length]
  const checked = { records, bytes, lanes: lanes.count, values: versions.taken.length, findings: shortened(findings) }
  return { checked, whole, ring, signers }
}

function differs(found: RecordSum, expected: RecordSum): CopyDiffers {
  const counts = `The copy has ${found.count} records and the source has ${expected.count}`
  const others = 'The copy has as many records as the source, but different records'
  const what = found.count === expected.count ? others : counts
  return new CopyDiffers(
    `${what}. The copy is not finished. Stop every Pawl that uses the source or the copy, and run this again.`,
  )
}

function orgOf({ id }: Pick<Kept, 'id'>): string {
  return id.slice(0, id.indexOf('/'))
}

type Means = { readonly hsm: Hsm; readonly keyStores: KeyStores; readonly crypto: Crypto }

/** Says which key stores are missing, even if no tested value needs them. */
async function keyStoreFindings(means: Omit<Means, 'crypto'>, vaults: ReadonlyMap<string, number>): Promise<string[]> {
  const findings: string[] = []
  for (const [name, count] of vaults) {
    if ((await keyStoreStatus(means, name)) === 'ok') continue
    const why = means.keyStores.has(name) ? 'is not available' : 'is not configured'
    findings.push(`The key store ${name} ${why}. Number of vaults that stay sealed without it: ${count}.`)
  }
  return findings
}

async function valueFindings(means: Means, refIds: readonly string[], reading: ReturnType<typeof readingFrom>) {
  const counts = { damaged: 0, 'key missing': 0, opens: 0, deleted: 0, 'key store away': 0 }
  for (const refId of refIds) {
    const org = orgOf({ id: refId })
    const verdict = checkValue(means, reading(org), org, refId.slice(org.length + 1))
    // A damaged record and a missing key store are already in the findings.
    counts[await verdict.catch((error) => (keyStoreUnavailable.is(error) ? 'key store away' : 'deleted'))]++
  }
  const { damaged, 'key missing': missing } = counts
  const findings: string[] = []
  if (damaged > 0) findings.push(`${damaged} of ${refIds.length} tested values are damaged.`)
  if (missing > 0) {
    const why = 'The keys were destroyed later, when a vault was deleted or its key was replaced.'
    findings.push(`${missing} of ${refIds.length} tested values have no key in the HSM. ${why}`)
  }
  return findings
}

async function laneFindings(
  storage: Storage,
  means: Omit<Means, 'keyStores'>,
): Promise<{ count: number; findings: string[] }> {
  const findings: string[] = []
  let count = 0
  const verifier = await openAuditVerifier({ storage, ...means })
  for await (const { lane, org, problem } of verifier.lanes()) {
    count++
    if (problem) findings.push(`The audit lane ${lane} of ${org} is damaged: ${problem}`)
  }
  return { count, findings }
}

function shortened(findings: readonly string[]): string[] {
  const more = findings.length - findingsMax
  return more > 0 ? [...findings.slice(0, findingsMax), `And ${more} more.`] : [...findings]
}

/** The storage as it will be after this record is written. */
function withRecord(storage: Storage, record: Kept): Storage {
  const isIt = ({ kind, id }: Ref) => kind === record.kind && id === record.id
  return {
    setup: () => storage.setup(),
    get: async (refs) => {
      const found = await storage.get(refs)
      return found.map((one, at) => (isIt(refs[at] as Ref) ? record : one))
    },
    scan: (range) => storage.scan(range),
    commit: (writes) => storage.commit(writes),
    close: () => storage.close(),
  }
}

/** A sample of fixed size, spread evenly over all items. */
class Sample<T> {
  taken: T[] = []
  readonly #max: number
  #offered = 0
  #every = 1

  constructor(max: number) {
    this.#max = max
  }

  offer(one: T): void {
    if (this.#offered++ % this.#every !== 0) return
    this.taken.push(one)
    if (this.taken.length <= this.#max) return
    this.taken = this.taken.filter((_, at) => at % 2 === 0)
    this.#every *= 2
  }
}
