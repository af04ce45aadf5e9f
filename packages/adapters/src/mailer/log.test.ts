import { expect, test } from 'vitest'
import { logMailer } from './log.ts'

test('a log mailer shows the address, the subject and the text, and refuses what could be two messages', async () => {
  const written: string[] = []
  const mailer = logMailer({ write: (text) => void written.push(text) })
  await mailer.send({ id: '1', to: 'ada@example.com', subject: 'Hello', text: 'One\n\nTwo\n', html: '<p>One' })
  expect(written.join('')).toBe('\n  | To: ada@example.com\n  | Subject: Hello\n  | \n  | One\n  | \n  | Two\n\n')
  await expect(mailer.send({ id: '2', to: 'a@b.example\nc@d.example', subject: 'x', text: '' })).rejects.toThrow(
    'one address',
  )
  expect(written).toHaveLength(1)
})
