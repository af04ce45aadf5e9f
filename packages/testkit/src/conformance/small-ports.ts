import { type Clock, hex, type Mailer, MailNotConfigured, type Message, type Random } from '@pawl/core/ports'
import { check, patient, type Runner, rejects } from './asserts.ts'

// The suites of ports with one method.

/** A clock of the machine, or a manual clock. */
export function testClock(name: string, open: () => Clock, runner: Runner): void {
  const { describe, it } = patient(runner)
  describe(`${name}, a clock`, () => {
    it('tells whole milliseconds since 1970', () => {
      const now = open().now()
      check(Number.isSafeInteger(now) && now >= 0, `now() gave ${now}`)
      check(now < Date.UTC(9999, 0), 'now() is in no unit but milliseconds')
    })

    it('does not go back between two looks', () => {
      const clock = open()
      let before = clock.now()
      for (let look = 0; look < 1_000; look++) {
        const now = clock.now()
        check(now >= before, `went back by ${before - now} ms`)
        before = now
      }
    })
  })
}

export function testRandom(name: string, open: () => Random, runner: Runner): void {
  const { describe, it } = patient(runner)
  describe(`${name}, a source of randomness`, () => {
    it('gives as many bytes as it is asked for, also none and very many', () => {
      const random = open()
      for (const count of [0, 1, 16, 255, 65_536, 65_537, 200_000]) {
        check(random.bytes(count).length === count, `gave another number of bytes than ${count}`)
      }
    })

    it('never gives the same bytes twice, nor bytes that anybody else holds', () => {
      const random = open()
      const seen = new Set<string>()
      for (let draw = 0; draw < 2_000; draw++) {
        const bytes = random.bytes(16)
        seen.add(hex(bytes))
        bytes.fill(0)
      }
      check(seen.size === 2_000, `${2_000 - seen.size} of 2,000 draws were seen before`)
    })

    it('favours no byte (the chance that a fair source fails here is below one in a billion)', () => {
      const counts = new Array<number>(256).fill(0)
      for (const byte of open().bytes(256 * 400)) counts[byte] = (counts[byte] ?? 0) + 1
      const chiSquared = counts.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0)
      check(chiSquared < 415, `chi squared is ${chiSquared.toFixed(0)} for 255 degrees of freedom`)
    })
  })
}

/** `delivered` answers the messages that the mail server got. Left out for a mailer that refuses for want of a configuration. */
export function testMailer(
  name: string,
  open: () => { mailer: Mailer; delivered?: () => Promise<readonly Message[]> },
  runner: Runner,
): void {
  const { describe, it } = patient(runner)
  const message = (id: string): Message => ({ id, to: 'ann@example.com', subject: 'Ünïcode', text: 'One.\n.\nTwo.\n' })
  describe(`${name}, a mailer`, () => {
    it('has handed a message on, whole, when it says so; or says which setting is missing', async () => {
      const { mailer, delivered } = open()
      if (!delivered) {
        const error = await rejects(() => mailer.send(message('1')), 'sending without a configuration')
        check(error instanceof MailNotConfigured && error.setting.startsWith('PAWL_'), `threw ${error}`)
        return
      }
      await mailer.send(message('1'))
      const [got] = await delivered()
      check(JSON.stringify(got) === JSON.stringify(message('1')), `delivered ${JSON.stringify(got)}`)
    })

    it('hands on messages that come at once, each of them', async () => {
      const { mailer, delivered } = open()
      if (!delivered) return
      await Promise.all(['1', '2', '3'].map((id) => mailer.send(message(id))))
      const ids = (await delivered()).map(({ id }) => id).sort()
      check(ids.join() === '1,2,3', `delivered ${ids.join()}`)
    })

    it('refuses an address that could be read as two, and a subject that could be read as another header', async () => {
      const { mailer, delivered } = open()
      for (const to of [
        '',
        'ann',
        'ann@example.com, eve@example.com',
        'eve@example.com\r\n',
        'Ann <eve@example.com>',
      ]) {
        await rejects(() => mailer.send({ ...message('1'), to }), `sending to ${JSON.stringify(to)}`)
      }
      for (const subject of ['Hello\r\nBcc: eve@example.com', 'Hello\nBcc: eve@example.com', 'Hello\r']) {
        await rejects(() => mailer.send({ ...message('1'), subject }), `the subject ${JSON.stringify(subject)}`)
      }
      check(((await delivered?.()) ?? []).length === 0, 'a message was delivered all the same')
    })
  })
}
