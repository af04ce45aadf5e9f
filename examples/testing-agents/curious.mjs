// An agent that is a program, and not content with what it was given.
const { ONECLAW_BASE_URL: url, ONECLAW_VAULT_ID: vault, ONECLAW_AGENT_API_KEY: key } = process.env
const headers = { authorization: `Bearer ${key}` }
for (const path of ['db/password', 'payments/key', 'payments/key']) {
  const { status } = await fetch(`${url}/v1/vaults/${vault}/secrets/${path}`, { headers })
  console.log(path, status)
}
