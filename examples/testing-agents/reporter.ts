// An agent of yours. It knows a base URL, a key and a vault, and nothing of Pawl's insides.

interface Where {
  readonly baseUrl: string
  readonly apiKey: string
  readonly vaultId: string
}

export async function reportFrom({ baseUrl, apiKey, vaultId }: Where): Promise<string> {
  const response = await fetch(`${baseUrl}/v1/vaults/${vaultId}/secrets/db/password`, {
    headers: { authorization: `Bearer ${apiKey}` },
  })
  const { value } = (await response.json()) as { value: string }
  return `connected with a password of ${value.length} characters`
}
