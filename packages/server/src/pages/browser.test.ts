import { parseAddress } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { chromium, type Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { password, served } from '../../test/pages.ts'

const browser = programAt('chromium')
const email = 'ada@example.com'

async function inBrowser(work: (page: Page) => Promise<void>, javaScriptEnabled = false): Promise<void> {
  const chrome = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox'] })
  try {
    await work(await (await chrome.newContext({ javaScriptEnabled })).newPage())
  } finally {
    await chrome.close()
  }
}

describe.skipIf(!hasPart('Chromium', 'apt-get install chromium', browser !== null))(
  'in a browser without JavaScript',
  () => {
    it('a person lets a command line sign in, allows an agent, and opens a share', { timeout: 120_000 }, () =>
      served((world) =>
        inBrowser(async (page) => {
          const { id } = await world.owner.orgs.addMember({ email, password })
          const user = world.pawl.as({ user: id })
          const device = world.pawl.as({ bearer: null, ip: parseAddress('203.0.113.9') }).logins
          const { device_code, user_code, verification_uri_complete } = await device.request({ client_id: 'cli' })
          await page.goto(verification_uri_complete)
          await page.fill('#email', email)
          await page.fill('#password', password)
          await page.click('button')
          await page.fill('#code', user_code)
          await page.click('text=Allow >> nth=-1')
          await page.waitForSelector('text=The device is signed in.')
          const grant_type = 'urn:ietf:params:oauth:grant-type:device_code' as const
          expect(await device.poll({ device_code, grant_type })).toMatchObject({ email })

          const { id: vault_id } = await user.vaults.create({ name: 'prod' })
          await user.secrets.put({ vault_id, path: 'api-keys/openai', value: tagged('sk') })
          await world.pawl.as({ bearer: null }).enrolments.enroll({ name: 'bot', human_email: email })
          await page.goto(new URL('/account', verification_uri_complete).href)
          await page.click('text=bot')
          await page.selectOption('#vault_id', { label: 'prod' })
          await page.fill('#secret_path_pattern', 'api-keys/*')
          await page.click('button[value=yes]')
          const [, key = ''] = /PAWL_API_KEY=(\S+)/.exec((await page.textContent('.copy')) ?? '') ?? []
          const { value, id: secret_id } = await world.pawl.as(key).secrets.get({ vault_id, path: 'api-keys/openai' })
          expect(value.reveal()).toBe(tagged('sk'))

          const passphrase = tagged('open sesame')
          const { share_url } = await user.sharing.create({ secret_id, recipient_type: 'anyone_with_link', passphrase })
          await page.goto(share_url)
          await page.click('button')
          await page.fill('#passphrase', passphrase)
          await page.click('button')
          expect(await page.textContent('.copy')).toBe(tagged('sk'))
        }),
      ),
    )
  },
)

describe.skipIf(!hasPart('Chromium', 'apt-get install chromium', browser !== null))('in a browser', () => {
  it('the passkey page at 127.0.0.1 leads to the name that passkeys belong to', { timeout: 120_000 }, () =>
    served((_, url) =>
      inBrowser(async (page) => {
        const elsewhere = page.locator('#elsewhere a')
        await page.goto(`${url}/login/passkey`)
        expect(await elsewhere.getAttribute('href')).toBe(`${url.replace('127.0.0.1', 'localhost')}/login/passkey`)
        expect(await elsewhere.isVisible()).toBe(true)
      }, true),
    ),
  )
})
