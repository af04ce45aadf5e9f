// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** The operations of the area `bindings`. */
export interface BindingsClient {
  /**
   * Let an agent call a service with a credential that it never sees.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `binding_name_taken`: The agent has a binding with this name already.
   * @throws `denied`: Known, but not allowed.
   * @throws `vault_not_found`: There is no such vault.
   * @throws `secret_not_found`: There is no secret at this path.
   * @throws `secret_gone`
   * @throws `key_material_denied`: This agent uses keys through intents and may not read private_key or ssh_key
   * secrets.
   *
   * @example
   * await client.bindings.create({
   *   name: 'payments',
   *   binding_type: 'http',
   *   config: { base_url: 'https://api.example.com/v1', allowed_paths: ['/charges*'] },
   *   agent_id,
   *   guardrails: { max_requests_per_minute: 60 },
   *   credential_source: { type: 'inline', value },
   * })
   */
  create(input: CreateBindingInput, options?: CallOptions): Promise<BindingResponse>

  /**
   * List what an agent may call. The agent itself sees nothing about the credentials.
   *
   * @throws `agent_not_found`: There is no such agent.
   *
   * @example
   * await client.bindings.list({ agent_id })
   */
  list(input: ListBindingsInput, options?: CallOptions): Promise<ListBindingsOutput>

  /**
   * Read a binding of an agent.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `binding_not_found`: The agent has no such binding.
   *
   * @example
   * await client.bindings.get({ agent_id, binding_id })
   */
  get(input: GetBindingInput, options?: CallOptions): Promise<BindingResponse>

  /**
   * Change what is named of a binding. Who changes where its credential goes is who gave it, or gives it anew.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `binding_not_found`: The agent has no such binding.
   * @throws `credential_not_given`: Whoever changes where a credential goes must be the one who gave it, or give it
   * anew in the same request.
   * @throws `denied`: Known, but not allowed.
   * @throws `vault_not_found`: There is no such vault.
   * @throws `secret_not_found`: There is no secret at this path.
   * @throws `secret_gone`
   * @throws `key_material_denied`: This agent uses keys through intents and may not read private_key or ssh_key
   * secrets.
   *
   * @example
   * await client.bindings.update({
   *   agent_id,
   *   binding_id,
   *   guardrails: { max_requests_per_minute: 60 },
   *   is_active: false,
   * })
   */
  update(input: UpdateBindingInput, options?: CallOptions): Promise<BindingResponse>

  /**
   * Delete a binding for good, with the credential that was given for it. What was called stays in the trail.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `binding_not_found`: The agent has no such binding.
   *
   * @example
   * await client.bindings.delete({ agent_id, binding_id })
   */
  delete(input: DeleteBindingInput, options?: CallOptions): Promise<void>

  /**
   * Ask the service of a binding whether it answers and takes the credential. Nothing is changed there.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `binding_not_found`: The agent has no such binding.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.bindings.test({ agent_id, binding_id, timeout_ms: 1000 })
   */
  test(input: TestBindingInput, options?: CallOptions): Promise<TestBindingResponse>

  /**
   * Give a binding a new credential in the place of the one that it has.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `binding_not_found`: The agent has no such binding.
   * @throws `vault_not_found`: There is no such vault.
   *
   * @example
   * await client.bindings.rotateCredential({ agent_id, binding_id, credential })
   */
  rotateCredential(input: RotateBindingCredentialInput, options?: CallOptions): Promise<BindingResponse>

  /**
   * Call a service through a binding. The vault fills in the credential and takes it out of the answer.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `binding_not_found`: The agent has no such binding.
   * @throws `execution_disabled`: This agent may not call anything: a human sets its execution_intents_enabled to
   * true first.
   * @throws `tee_required`: This agent calls from a trusted execution environment only (execution_require_tee), and
   * this vault runs in none.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.bindings.execute({
   *   agent_id,
   *   binding: 'payments',
   *   params: { method: 'POST', path: '/charges', body: { amount: 42 } },
   * })
   */
  execute(input: ExecuteIntentInput, options?: CallOptions): Promise<ExecuteResponse>

  /**
   * List the latest calls of an agent, newest first: where they went and what came of them, nothing of what was said.
   *
   * @throws `agent_not_found`: There is no such agent.
   *
   * @example
   * await client.bindings.listExecutions({ agent_id, limit: 10 })
   */
  readonly listExecutions: {
    (input: ListExecutionsInput, options?: CallOptions): Promise<ListExecutionsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListExecutionsInput, 'offset'>,
      options?: CallOptions,
    ): AsyncGenerator<ExecutionEventResponse, void, undefined>
  }
}

/** What `bindings.create` takes. */
export interface CreateBindingInput {
  /** UUID. */
  readonly agent_id: string
  readonly name: string
  readonly binding_type: 'http' | 'graphql'
  /** Where it may call, and how: base_url, auth_type, allowed_methods, allowed_paths and more. */
  readonly config: CreateBindingConfig
  /** Its limits: allowed_hosts, max_duration_ms, max_requests_per_minute. */
  readonly guardrails?: CreateBindingGuardrails | null | undefined
  readonly credential?: string | JsonObject | Secret<string | JsonObject> | null | undefined
  /** {"type":"inline","value":…} or {"type":"vault_ref","vault_id":…,"path":…}. */
  readonly credential_source?: CredentialSource | null | undefined
}

export interface CreateBindingConfig {
  /** At most 2048 characters. */
  readonly base_url: string
  /** Default: `bearer`. */
  readonly auth_type?: 'bearer' | 'basic' | 'header' | 'query' | 'body' | undefined
  readonly auth_name?: string | null | undefined
  /** At most 255 characters. */
  readonly username?: string | null | undefined
  /** At most 100 entries. */
  readonly allowed_hosts?: readonly string[] | null | undefined
  /** At most 100 entries. */
  readonly allowed_paths?: readonly string[] | null | undefined
  /** At most 100 entries. */
  readonly allowed_methods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[] | null | undefined
  /** From 1 to 120000. */
  readonly timeout_ms?: number | null | undefined
}

export interface CreateBindingGuardrails {
  /** At most 100 entries. */
  readonly allowed_hosts?: readonly string[] | null | undefined
  /** From 1 to 120000. */
  readonly max_duration_ms?: number | null | undefined
  /** From 1 to 600. */
  readonly max_requests_per_minute?: number | null | undefined
}

export interface CredentialSource {
  readonly type: 'inline' | 'vault_ref'
  readonly value?: string | JsonObject | Secret<string | JsonObject> | null | undefined
  /** UUID. */
  readonly vault_id?: string | null | undefined
  readonly path?: string | null | undefined
}

export interface BindingResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly agent_id: string
  readonly binding_type: 'http' | 'graphql'
  readonly name: string
  readonly config: JsonObject
  readonly guardrails: JsonObject
  readonly is_active: boolean
  readonly credential_set?: boolean | undefined
  readonly credential_source_type?: 'inline' | 'vault_ref' | undefined
  /** UUID. */
  readonly credential_vault_id?: string | undefined
  readonly credential_path?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** What `bindings.list` takes. */
export interface ListBindingsInput {
  readonly agent_id: string
}

/** What `bindings.list` answers. */
export interface ListBindingsOutput {
  readonly bindings: BindingResponse[]
}

/** What `bindings.get` takes. */
export interface GetBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
}

/** What `bindings.update` takes. */
export interface UpdateBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
  /** Where it may call, and how: base_url, auth_type, allowed_methods, allowed_paths and more. */
  readonly config?: UpdateBindingConfig | undefined
  /** Its limits: allowed_hosts, max_duration_ms, max_requests_per_minute. */
  readonly guardrails?: UpdateBindingGuardrails | undefined
  /** Whether it can be called. */
  readonly is_active?: boolean | undefined
  readonly credential?: string | JsonObject | Secret<string | JsonObject> | null | undefined
  /** {"type":"inline","value":…} or {"type":"vault_ref","vault_id":…,"path":…}. */
  readonly credential_source?: CredentialSource | null | undefined
}

export interface UpdateBindingConfig {
  /** At most 2048 characters. */
  readonly base_url: string
  /** Default: `bearer`. */
  readonly auth_type?: 'bearer' | 'basic' | 'header' | 'query' | 'body' | undefined
  readonly auth_name?: string | null | undefined
  /** At most 255 characters. */
  readonly username?: string | null | undefined
  /** At most 100 entries. */
  readonly allowed_hosts?: readonly string[] | null | undefined
  /** At most 100 entries. */
  readonly allowed_paths?: readonly string[] | null | undefined
  /** At most 100 entries. */
  readonly allowed_methods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[] | null | undefined
  /** From 1 to 120000. */
  readonly timeout_ms?: number | null | undefined
}

export interface UpdateBindingGuardrails {
  /** At most 100 entries. */
  readonly allowed_hosts?: readonly string[] | null | undefined
  /** From 1 to 120000. */
  readonly max_duration_ms?: number | null | undefined
  /** From 1 to 600. */
  readonly max_requests_per_minute?: number | null | undefined
}

/** What `bindings.delete` takes. */
export interface DeleteBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
}

/** What `bindings.test` takes. */
export interface TestBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
  /** Milliseconds that it may take. From 1 to 30000. */
  readonly timeout_ms?: number | null | undefined
}

export interface TestBindingResponse {
  readonly success: boolean
  readonly latency_ms: number
  readonly error?: string | undefined
}

/** What `bindings.rotateCredential` takes. */
export interface RotateBindingCredentialInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
  readonly credential: string | JsonObject | Secret<string | JsonObject>
}

/** What `bindings.execute` takes. */
export interface ExecuteIntentInput {
  readonly agent_id: string
  /** At most 64 characters. */
  readonly binding: string
  readonly intent_type?: 'http_request' | 'graphql_query' | 'graphql_mutation' | null | undefined
  /** Vault, and nothing else. */
  readonly execution_mode?: 'vault' | null | undefined
  /** Of http: method, path, query, headers, body. Of graphql: query, variables. */
  readonly params: JsonObject
}

export interface ExecuteResponse {
  /** UUID. */
  readonly execution_id: string
  readonly status: string
  readonly result?: JsonObject | undefined
  readonly error?: string | undefined
  readonly duration_ms: number
  readonly redactions_applied: number
  readonly execution_surface: 'vault' | 'tee'
}

/** What `bindings.listExecutions` takes. */
export interface ListExecutionsInput {
  readonly agent_id: string
  /** How many. From 1 to 200. */
  readonly limit?: number | null | undefined
  /** How many to pass over. From 0 to 800. */
  readonly offset?: number | null | undefined
}

/** What `bindings.listExecutions` answers. */
export interface ListExecutionsOutput {
  readonly events: ExecutionEventResponse[]
}

export interface ExecutionEventResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
  readonly intent_type: string
  readonly execution_mode: string
  readonly status: string
  readonly request_summary: JsonObject
  readonly result_summary?: JsonObject | undefined
  readonly error_message?: string | undefined
  readonly duration_ms: number
  readonly redactions_applied: number
  /** RFC 3339 time. */
  readonly created_at: string
}
