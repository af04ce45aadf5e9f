import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import type { Message } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testMailer } from '@pawl/testkit/conformance'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Certified, certify, hasOpenssl } from '../../../../tools/real-parts/authority.ts'
import { readSmtpUrl, smtpMailer } from './smtp.ts'

const from = 'vault@example.com'
const message: Message = { id: 'share-1', to: 'ann@example.com', subject: 'Hello', text: 'The text.\n' }
const password = tagged('p/ss:@%word')
const url = (port: number, scheme = 'smtp', host = '127.0.0.1') =>
  `${scheme}://pawl:${encodeURIComponent(password)}@${host}:${port}`

/** A server on this machine, and what it was sent. */
async function startServer(options: SMTPServerOptions = {}, host = '127.0.0.1') {
  const taken: { from: string; to: string[]; raw: string; isTls: boolean }[] = []
  let attempts = 0
  const server = new SMTPServer({
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password: given }, _, answer) => {
      attempts++
      const isRight = username === 'pawl' && given === password
      answer(isRight ? null : new Error(`No entry for ${given}`), isRight ? { user: 'pawl' } : undefined)
    },
    onData: (stream, { envelope, secure }, done) => {
      text(stream).then((raw) => {
        const to = envelope.rcptTo.map(({ address }) => address)
        taken.push({ from: envelope.mailFrom ? envelope.mailFrom.address : '', to, raw, isTls: secure })
        done()
      }, done)
    },
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, host)
  await once(server.server, 'listening')
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { port: (server.server.address() as AddressInfo).port, taken, close, attempts: () => attempts }
}

type Started = Awaited<ReturnType<typeof startServer>>

async function serverOfTest(options?: SMTPServerOptions, host?: string): Promise<Started> {
  const server = await startServer(options, host)
  onTestFinished(server.close)
  return server
}

describe('smtpMailer', () => {
  let server: Started
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.close())

  const open = () => {
    const before = server.taken.length
    const delivered = async () => server.taken.slice(before).map(({ raw }) => messageIn(raw))
    return { mailer: smtpMailer({ url: url(server.port), from }), delivered }
  }
  testMailer('smtpMailer', open, { describe, it })

  it('says who a message is from and for, that a machine wrote it, and nothing of itself', async () => {
    await smtpMailer({ url: url(server.port), from }).send(message)
    const { raw, ...envelope } = server.taken.at(-1) ?? { raw: '' }
    expect(envelope).toEqual({ from, to: [message.to], isTls: false })
    expect(headersOf(raw)).toEqual({
      from,
      to: message.to,
      subject: 'Hello',
      'message-id': '<share-1@example.com>',
      'auto-submitted': 'auto-generated',
      date: expect.any(String),
      'mime-version': '1.0',
      'content-type': 'text/plain; charset=utf-8',
      'content-transfer-encoding': '7bit',
    })
  })

  it('takes no id for anything but an id', async () => {
    await smtpMailer({ url: url(server.port), from }).send({ ...message, id: 'a>\r\nBcc: eve@example.com' })
    const { raw, to } = server.taken.at(-1) ?? { raw: '', to: [] }
    expect(to).toEqual([message.to])
    expect(headersOf(raw)).toMatchObject({ 'message-id': '<a%3E%0D%0ABcc%3A%20eve%40example.com@example.com>' })
    expect(headersOf(raw)).not.toHaveProperty('bcc')
  })

  it('reads no file and no URL, whatever the text looks like', async () => {
    for (const body of ['{"path":"/etc/passwd"}', 'file:///etc/passwd', '<img src="http://127.0.0.1/">']) {
      await smtpMailer({ url: url(server.port), from }).send({ ...message, text: body })
      expect(messageIn(server.taken.at(-1)?.raw ?? '').text).toBe(`${body}\n`)
    }
  })
})

describe('a server that does not take a message', () => {
  const refusing = (said: string, responseCode: number) => Object.assign(new Error(said), { responseCode })
  const said = tagged('said by the server')

  it.each<[string, SMTPServerOptions, string]>([
    ['the sender', { onMailFrom: (_, __, done) => done(refusing(said, 553)) }, 'the sender or the recipient (553)'],
    ['the recipient', { onRcptTo: (_, __, done) => done(refusing(said, 550)) }, 'the sender or the recipient (550)'],
    [
      'the text',
      { onData: (stream, _, done) => void stream.resume().on('end', () => done(refusing(said, 554))) },
      'the message (554)',
    ],
  ])('because of %s, is quoted with its status alone', async (_, options, words) => {
    const { port } = await serverOfTest(options)
    const error = await failure(smtpMailer({ url: url(port), from }).send(message))
    expect(error.message).toBe(`127.0.0.1:${port} refuses ${words}. Check PAWL_SMTP_URL.`)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tagged(''))
  })

  it('F5: because of the password, does not get it into the error, though it repeats it', async () => {
    const { port } = await serverOfTest()
    const wrong = `smtp://pawl:${tagged('wrong')}@127.0.0.1:${port}`
    const error = await failure(smtpMailer({ url: wrong, from }).send(message))
    expect(error.message).toBe(`127.0.0.1:${port} refuses this user or password (535). Check PAWL_SMTP_URL.`)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tagged(''))
  })

  it('because it is not there, is named', async () => {
    const { port, close } = await startServer()
    await close()
    const error = await failure(smtpMailer({ url: url(port), from }).send(message))
    expect(error.message).toBe(`127.0.0.1:${port} cannot be reached (ECONNREFUSED). Check PAWL_SMTP_URL.`)
  })

  it.each(['', '220 mail.example.com\r\n'])('because it falls silent after %j, is given up', async (greeting) => {
    const silent = createServer((socket) => void socket.on('error', () => {}).write(greeting))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const error = await failure(smtpMailer({ url: url(port), from, timeoutMs: 100 }).send(message))
    expect(error.message).toContain('did not accept a message in time')
  })
})

// Linux connects this address to this machine, but the mailer does not count it as this machine.
const elsewhere = '0.0.0.0'

describe.skipIf(!hasOpenssl || process.platform !== 'linux')('a server that is not this machine', () => {
  let certified: Certified
  beforeAll(() => {
    certified = certify(`IP:${elsewhere}`)
  })

  const send = (at: string, ca = certified.ca) => smtpMailer({ url: at, from, ca }).send(message)

  it('is sent to over TLS, by STARTTLS or from the first byte', async () => {
    for (const [scheme, secure] of [
      ['smtp', false],
      ['smtps', true],
    ] as const) {
      const { port, taken } = await serverOfTest({ ...certified, secure }, elsewhere)
      await send(url(port, scheme, elsewhere))
      expect(taken).toMatchObject([{ isTls: true }])
    }
  })

  it('is told no password when it offers no STARTTLS', async () => {
    const { port, attempts, taken } = await serverOfTest({ disabledCommands: ['STARTTLS'] }, elsewhere)
    const error = await failure(send(url(port, 'smtp', elsewhere)))
    expect(error.message).toContain(`${elsewhere}:${port} offers no TLS, or`)
    expect([attempts(), taken]).toEqual([0, []])
  })

  it('is told no password when its certificate is not good, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => void vi.unstubAllEnvs())
    const others = certify(`IP:${elsewhere}`).ca
    for (const scheme of ['smtp', 'smtps']) {
      const { port, attempts } = await serverOfTest({ ...certified, secure: scheme === 'smtps' }, elsewhere)
      const error = await failure(send(url(port, scheme, elsewhere), others))
      expect(error.message).toContain('a certificate that cannot be verified')
      expect(attempts()).toBe(0)
    }
  })

  it('is sent to without TLS when the URL says so', async () => {
    const { port, taken } = await serverOfTest({}, elsewhere)
    await send(`${url(port, 'smtp', elsewhere)}?tls=off`)
    expect(taken).toMatchObject([{ isTls: false }])
  })
})

describe('the URL of an SMTP server', () => {
  it.each([
    ['smtp://mail.example.com', { port: 587, secure: false, requireTLS: true, ignoreTLS: false }],
    ['smtp://mail.example.com:25', { port: 25, secure: false, requireTLS: true, ignoreTLS: false }],
    ['smtp://mail.example.com?tls=off', { port: 587, secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtps://mail.example.com', { port: 465, secure: true, requireTLS: false, ignoreTLS: false }],
    ['smtp://localhost', { port: 587, secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525, secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtps://127.0.0.1', { port: 465, secure: true, requireTLS: false, ignoreTLS: false }],
    ['smtp://a%40b:c%2Fd@mail.example.com', { auth: { user: 'a@b', pass: 'c/d' }, at: 'mail.example.com:587' }],
  ])('%s is read', (given, expected) => {
    expect(readSmtpUrl(given)).toMatchObject(expected)
  })

  it.each([
    ['mail.example.com:25', 'must begin with smtp'],
    ['http://mail.example.com', 'must begin with smtp'],
    ['smtp://', 'must end with the host'],
    ['smtp://mail.example.com/x', 'must end with the host'],
    ['smtp://mail.example.com#x', 'must end with the host'],
    ['smtp://mail.example.com?tls=on', 'unknown parameter'],
    ['smtp://mail.example.com?tls=off&x=1', 'unknown parameter'],
    ['smtps://mail.example.com?tls=off', 'must not combine smtps'],
    ['smtp://hunter2@mail.example.com', 'both a user and a password'],
    ['smtp://:hunter2@mail.example.com', 'both a user and a password'],
    ['smtp://pawl:hunter2%@mail.example.com', 'Write %25'],
  ])('%s is refused without being repeated', (given, words) => {
    expect(() => readSmtpUrl(given)).toThrow(words)
    expect(() => readSmtpUrl(given)).not.toThrow('hunter2')
  })

  it.each(['', 'vault', 'Vault <vault@example.com>', 'a@example.com,b@example.com', 'a@example.com\r\nBcc: b'])(
    'needs a sender, and %j is none',
    (sender) => {
      expect(() => smtpMailer({ url: 'smtp://localhost', from: sender })).toThrow('one address')
    },
  )
})

async function failure(sending: Promise<void>): Promise<Error> {
  return sending.then(
    () => new Error('It was taken.'),
    (error: Error) => error,
  )
}

/** The headers by their names in lower case, unfolded. */
function headersOf(raw: string): Record<string, string> {
  const [head = ''] = raw.split('\r\n\r\n', 1)
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return Object.fromEntries(
    lines.map((line) => [line.split(':', 1).join('').toLowerCase(), line.replace(/^[^:]+: /, '')]),
  )
}

/** What was sent, read back from what arrived. */
function messageIn(raw: string): Message {
  const headers = headersOf(raw)
  const [id = ''] = (headers['message-id'] ?? '').slice(1).split('@')
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4).replaceAll('\r\n', '\n')
  return { id, to: headers.to ?? '', subject: decodeWords(headers.subject ?? ''), text: body }
}

function decodeWords(header: string): string {
  return header.replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_, word: string) => {
    const escaped = word.replaceAll('_', ' ').replaceAll('%', '%25').replaceAll('=', '%')
    return decodeURIComponent(escaped)
  })
}
