import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasPart, programAt } from './index.ts'

export const hasOpenssl = hasPart('openssl', 'apt-get install openssl', programAt('openssl') !== null)

/** All in PEM. */
export interface Certified {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/**
 * A certificate for names such as `DNS:api.example.test` and `IP:127.0.0.1`, from an authority made for it alone.
 *
 * @example
 * createServer(certify('DNS:localhost'), handler)
 */
export function certify(...names: readonly string[]): Certified {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-authority-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout']
  try {
    openssl('req', '-x509', ...newKey, 'ca.key', '-out', 'ca.crt', '-subj', '/CN=authority')
    const alternatives = ['-addext', `subjectAltName=${names.join(',')}`]
    openssl('req', ...newKey, 'key', '-out', 'csr', '-subj', '/CN=server', ...alternatives)
    const signedBy = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-copy_extensions', 'copy']
    openssl('x509', '-req', '-in', 'csr', '-out', 'cert', ...signedBy)
    const pem = (name: string) => readFileSync(join(folder, name), 'utf8')
    return { ca: pem('ca.crt'), cert: pem('cert'), key: pem('key') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
