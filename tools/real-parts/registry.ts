import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A package that is not published yet. */
export interface Unpublished {
  readonly manifest: { readonly name: string; readonly version: string; readonly [field: string]: unknown }
  readonly tarball: string
}

export interface Registry extends AsyncDisposable {
  readonly url: string
}

/** A registry on loopback with additional packages. It redirects requests for all other packages to the registry `other`. */
export async function startRegistry(packages: readonly Unpublished[], other: string): Promise<Registry> {
  const documents = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace(/\?.*$/, ''))
    const document = documents.get(path)
    if (document) response.end(document)
    else response.writeHead(302, { location: new URL((request.url ?? '').slice(1), other).href }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  for (const { manifest, tarball } of packages) {
    const bytes = readFileSync(tarball)
    const path = `/${manifest.name}/-/${manifest.version}.tgz`
    const dist = {
      tarball: url + path.slice(1),
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    }
    const known = { name: manifest.name, 'dist-tags': { latest: manifest.version } }
    documents.set(
      `/${manifest.name}`,
      Buffer.from(JSON.stringify({ ...known, versions: { [manifest.version]: { ...manifest, dist } } })),
    )
    documents.set(path, bytes)
  }
  return {
    url,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
