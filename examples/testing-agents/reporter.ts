// An agent of yours. It knows what it finds in its environment, and nothing of Pawl's insides.

export async function reportFrom(env: Readonly<Record<string, string>>): Promise<string> {
  const { ONECLAW_BASE_URL: url, ONECLAW_VAULT_ID: vault, ONECLAW_AGENT_API_KEY: key } = env
  const response = await fetch(`${url}/v1/vaults/${vault}/secrets/db/password`, {
    headers: { authorization: `Bearer ${key}` },
  })
  const { value } = (await response.json()) as { value: string }
  return `connected with a password of ${value.length} characters`
}
