import { agentFields, fixedSetting, switchSetting } from '../../operations/index.ts'

const { flag, uri, word } = agentFields

/** Settings for the environment of an agent, and for signing in without an API key. */
export const agentsAgentSettings = {
  environment_locked: switchSetting(flag().describe('Whether the environment of the agent is locked.'), {
    strictest: true,
  }),
  env_auto_resolve: switchSetting(
    flag().describe('Whether the agent may read values without naming its environment.'),
    { strictest: false },
  ),
  client_cert_fingerprint: fixedSetting(word().describe('Fingerprint of the agent’s client certificate.'), '(nothing)'),
  oidc_issuer: fixedSetting(uri().describe('OIDC issuer that identifies the agent.'), '(nothing)'),
  oidc_client_id: fixedSetting(word().describe('Client ID of the agent at its OIDC issuer.'), '(nothing)'),
}
