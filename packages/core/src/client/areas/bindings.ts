// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** Calls of services with credentials that the agent never sees. */
export interface BindingsClient {
  /**
   * Create a binding. An agent calls a service through it with a credential that the agent never sees.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `binding_name_taken`: The agent already has a binding with this name.
   * @throws `denied`: Known, but not allowed.
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `key_material_denied`: The caller may not read private keys. Agents use them through intents. An owner
   * exports a signing key with `pawl key export`.
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
   * List the bindings of an agent. The agent itself sees no credentials.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.bindings.list({ agent_id })
   */
  readonly list: {
    (input: ListBindingsInput, options?: CallOptions): Promise<ListBindingsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListBindingsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<BindingResponse, void, undefined>
  }

  /**
   * Get a binding of an agent.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `binding_not_found`: The agent has no binding with this ID.
   *
   * @example
   * await client.bindings.get({ agent_id, binding_id })
   */
  get(input: GetBindingInput, options?: CallOptions): Promise<BindingResponse>

  /**
   * Update the given fields of a binding. A new destination requires sending the credential again.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `binding_not_found`: The agent has no binding with this ID.
   * @throws `credential_not_given`: Only the user who set the credential can change its destination. To change it,
   * send the credential again in the same request.
   * @throws `denied`: Known, but not allowed.
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `key_material_denied`: The caller may not read private keys. Agents use them through intents. An owner
   * exports a signing key with `pawl key export`.
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
   * Permanently delete a binding and its inline credential. The audit events of its calls stay.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `binding_not_found`: The agent has no binding with this ID.
   *
   * @example
   * await client.bindings.delete({ agent_id, binding_id })
   */
  delete(input: DeleteBindingInput, options?: CallOptions): Promise<void>

  /**
   * Test whether the service of a binding answers and accepts the credential. The test changes nothing there.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `binding_not_found`: The agent has no binding with this ID.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.bindings.test({ agent_id, binding_id, timeout_ms: 1000 })
   */
  test(input: TestBindingInput, options?: CallOptions): Promise<TestBindingResponse>

  /**
   * Replace the credential of a binding.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `binding_not_found`: The agent has no binding with this ID.
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.bindings.rotateCredential({ agent_id, binding_id, credential })
   */
  rotateCredential(input: RotateBindingCredentialInput, options?: CallOptions): Promise<BindingResponse>

  /**
   * Call a service through a binding. The vault adds the credential and redacts it from the answer.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `binding_not_found`: The agent has no binding with this ID.
   * @throws `execution_disabled`: This agent may not call services. A human must set its execution_intents_enabled to
   * true first.
   * @throws `tee_required`: This agent may call services only from a trusted execution environment
   * (execution_require_tee). This vault does not run in one.
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
   * List the calls of an agent, newest first, with destination and result. Request and response bodies are not
   * stored.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.bindings.listExecutions({ agent_id, limit: 10 })
   */
  readonly listExecutions: {
    (input: ListExecutionsInput, options?: CallOptions): Promise<ListExecutionsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListExecutionsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<ExecutionEventResponse, void, undefined>
  }
}

/** Input of `bindings.create`. */
export interface CreateBindingInput {
  /** UUID. */
  readonly agent_id: string
  readonly name: string
  readonly binding_type: 'http' | 'graphql'
  /** Where the agent may call, and how: base_url, auth_type, allowed_methods, allowed_paths and more. */
  readonly config: CreateBindingConfig
  /** Limits of the binding: allowed_hosts, max_duration_ms, max_requests_per_minute. */
  readonly guardrails?: CreateBindingGuardrails | null | undefined
  /** At most 4096 characters. */
  readonly credential?: string | JsonObject | Secret<string | JsonObject> | string | Secret<string> | null | undefined
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
  /** At most 4096 characters. */
  readonly value?: string | JsonObject | Secret<string | JsonObject> | string | Secret<string> | null | undefined
  /** UUID. */
  readonly vault_id?: string | null | undefined
  /** At most 512 characters. */
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

/** Input of `bindings.list`. */
export interface ListBindingsInput {
  readonly agent_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `bindings.list`. */
export interface ListBindingsOutput {
  readonly bindings: BindingResponse[]
  readonly next_cursor?: string | undefined
}

/** Input of `bindings.get`. */
export interface GetBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
}

/** Input of `bindings.update`. */
export interface UpdateBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
  /** Where the agent may call, and how: base_url, auth_type, allowed_methods, allowed_paths and more. */
  readonly config?: UpdateBindingConfig | undefined
  /** Limits of the binding: allowed_hosts, max_duration_ms, max_requests_per_minute. */
  readonly guardrails?: UpdateBindingGuardrails | undefined
  /** Whether the agent can use the binding. */
  readonly is_active?: boolean | undefined
  /** At most 4096 characters. */
  readonly credential?: string | JsonObject | Secret<string | JsonObject> | string | Secret<string> | null | undefined
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

/** Input of `bindings.delete`. */
export interface DeleteBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
}

/** Input of `bindings.test`. */
export interface TestBindingInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
  /** Timeout in milliseconds. From 1 to 30000. */
  readonly timeout_ms?: number | null | undefined
}

export interface TestBindingResponse {
  readonly success: boolean
  readonly latency_ms: number
  readonly error?: string | undefined
}

/** Input of `bindings.rotateCredential`. */
export interface RotateBindingCredentialInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly binding_id: string
  /** At most 4096 characters. */
  readonly credential: string | JsonObject | Secret<string | JsonObject> | string | Secret<string>
}

/** Input of `bindings.execute`. */
export interface ExecuteIntentInput {
  readonly agent_id: string
  /** At most 64 characters. */
  readonly binding: string
  readonly intent_type?: 'http_request' | 'graphql_query' | 'graphql_mutation' | null | undefined
  /** Where to execute the call. Only vault is supported. */
  readonly execution_mode?: 'vault' | null | undefined
  /** For http: method, path, query, headers, body. For graphql: query, variables. */
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

/** Input of `bindings.listExecutions`. */
export interface ListExecutionsInput {
  readonly agent_id: string
  /** Maximum number of calls. From 1 to 200. */
  readonly limit?: number | null | undefined
  /** Number of entries to skip. Default: 0. From 0 to 800. */
  readonly offset?: number | null | undefined
}

/** Output of `bindings.listExecutions`. */
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
