import { tagged } from '@pawl/testkit/canary'
import { type Example, examples, testPawl } from '@pawl/testkit/world'
import { expect, it } from 'vitest'

// Goal: every link in a mail leads to the public URL of the settings (E17). Method: every example of the areas that send mail, and
// all links in the text and HTML of the mail.

const publicUrl = 'https://vault.example.com/pawl'
const areas = ['accounts', 'approvals', 'auth', 'enrolments', 'orgs', 'recovery', 'sharing'] as const
const subjects = [
  'An agent asks for access',
  'An agent asks for your approval: invoice.pay',
  'Choose a new password',
  'Confirm your e-mail address',
  'Confirm your new e-mail address',
  'Invitation to Pawl',
  'Recovery of your account',
  'The API key of my-agent',
  'Your e-mail address was changed',
  'Your password was changed',
  'Your share was read',
  'Your sign-in code',
]

type Verbs = Readonly<Record<string, (world: Awaited<ReturnType<typeof testPawl>>) => Promise<Example>>>

async function sentBy(area: (typeof areas)[number], verb: string) {
  await using world = await testPawl({ publicUrl, signUp: 'open' })
  const { who, input } = (await (examples[area] as Verbs)[verb]?.(world)) ?? expect.fail()
  const client = world.pawl.as(who) as unknown as Record<string, Record<string, (input: object) => Promise<unknown>>>
  await client[area]?.[verb]?.(input)
  await world.pawl.runJobs()
  return world.mail.sent
}

async function sentAboutShare() {
  await using world = await testPawl({ publicUrl })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  const { id: secret_id } = await world.owner.secrets.put({ vault_id, path: 'a', value: tagged('v') })
  await world.owner.sharing.create({ secret_id, recipient_type: 'external_email', email: 'bob@example.org' })
  await world.pawl.runJobs()
  return world.mail.sent
}

function strangeLinks({ text, html }: { readonly text: string; readonly html?: string | undefined }): string[] {
  const links = `${text}\n${html}`.match(/https?:\/\/[^\s"<>]+/g) ?? []
  return links.filter((link) => link !== publicUrl && !/^https:\/\/vault\.example\.com\/pawl[/.,]/.test(link))
}

it('the link of a share begins with the public URL', async () => {
  const [mail] = await sentAboutShare()
  expect(mail && [mail.subject, strangeLinks(mail)]).toEqual(['A secret was shared with you', []])
})

it.each(areas)('every link in a mail of %s begins with the public URL', async (area) => {
  for (const verb of Object.keys(examples[area])) {
    for (const mail of await sentBy(area, verb)) {
      seen.add(mail.subject)
      expect(strangeLinks(mail)).toEqual([])
    }
  }
})

const seen = new Set<string>()

it('the examples send these mails', () => {
  expect([...seen].sort()).toEqual(subjects)
})
