import { expect, it } from 'vitest'
import { isInterpreted, withoutOurs } from './child-environment.ts'

it.each(
  'PATH LD_PRELOAD DYLD_INSERT_LIBRARIES NODE_OPTIONS npm_config_registry NPM_CONFIG_REGISTRY GIT_SSH_COMMAND PYTHONPATH PERL5OPT RUBYOPT JAVA_TOOL_OPTIONS _JAVA_OPTIONS HTTPS_PROXY all_proxy SSL_CERT_FILE PROMPT_COMMAND BASH_ENV BASH_FUNC_ls%% GOFLAGS CLASSPATH'.split(
    ' ',
  ),
)('a secret does not become %s by its path (M2)', (name) => {
  expect(isInterpreted(name)).toBe(true)
})

it.each('STRIPE_KEY DATABASE_URL GOOGLE_API_KEY API_TOKEN AWS_SECRET_ACCESS_KEY PASSWORD RESEND_KEY'.split(' '))(
  'a secret becomes %s',
  (name) => {
    expect(isInterpreted(name)).toBe(false)
  },
)

it('a program gets nothing of our own environment (M2)', () => {
  const env = { HOME: '/root', PAWL_TOKEN: 'x', ONECLAW_API_KEY: 'x', PAWL_URL: 'x', MY_PAWL_: 'y' }
  expect(withoutOurs(env)).toEqual({ HOME: '/root', MY_PAWL_: 'y' })
})
