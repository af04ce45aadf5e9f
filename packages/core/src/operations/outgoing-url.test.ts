import { describe, expect, it } from 'vitest'
import { checkOutgoingUrl, outgoingUrlProblem } from './outgoing-url.ts'

const nothingAllowed = { egressPermits: () => false }

describe('a URL that the engine calls later', () => {
  it.each(['https://example.com/hook', 'https://example.com:8443/hook?a=1', 'https://93.184.215.14/hook'])(
    'may be %s',
    (url) => expect(outgoingUrlProblem(nothingAllowed, url)).toBeNull(),
  )

  it.each([
    ...['http://example.com/', 'ftp://example.com/', 'example.com', 'file:///etc/passwd', 'javascript:alert(1)', ''],
    ...['https://user@example.com/', 'https://:password@example.com/', 'https://example.com/#part'],
    ...['https://exa mple.com/', 'https://example.com\\@10.0.0.1/', `https://example.com/${'a'.repeat(2_048)}`],
  ])('E4: is not %j', (url) => expect(outgoingUrlProblem(nothingAllowed, url)).not.toBeNull())

  it.each([
    ...['localhost', '127.0.0.1', '[::1]', '10.1.2.3', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1'],
    ...['0.0.0.0', '[::ffff:10.0.0.1]', '[fd00::1]', '[fe80::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
    ...['0177.0.0.1', '127.1', '2130706433', '0x7f.1', '168.63.129.16', '100.100.100.200'],
    ...['metadata.google.internal', 'a.localhost', 'printer.local', 'router.lan', 'intranet', 'host.', 'example.com.'],
    ...['LOCALHOST', 'Metadata.Google.Internal'],
  ])('E3, E5: has no private host: %s', (host) => {
    expect(outgoingUrlProblem(nothingAllowed, `https://${host}/`)).toContain('must have a public host')
  })

  it('may be a private one, without TLS too, where the operator allows it', () => {
    const allowed = { egressPermits: (url: string) => url.startsWith('http://10.1.2.3:9000/') }
    expect(outgoingUrlProblem(allowed, 'http://10.1.2.3:9000/hook')).toBeNull()
    expect(outgoingUrlProblem(allowed, 'http://10.1.2.4:9000/hook')).toContain('https://')
  })

  it('never has credentials or a fragment, whatever the operator allows', () => {
    const everything = { egressPermits: () => true }
    for (const url of ['https://a:b@example.com/', 'https://example.com/#a', 'ftp://example.com/']) {
      expect(outgoingUrlProblem(everything, url)).not.toBeNull()
    }
  })

  it('is stored in one form, and a refusal names the field and not the URL', () => {
    expect(checkOutgoingUrl(nothingAllowed, 'url', 'https://EXAMPLE.com')).toBe('https://example.com/')
    const refuse = () => checkOutgoingUrl(nothingAllowed, 'oidc_jwks_url', 'https://secret-host.internal/')
    expect(refuse).toThrow('oidc_jwks_url: must have a public host')
    expect(refuse).not.toThrow('secret-host')
  })
})
