// The fields of requests that are passed on, of all dialects, at every depth (E6, E7). What a model server could take for
// another destination or another key is not among them: `api_base`, `models` and `fallbacks`, `mcp_servers`, `server_url`.

const names = (...lines: readonly string[]) => lines.flatMap((line) => line.split(' '))

const chat = names(
  'model messages role content type text image_url url',
  'detail input_audio data format file file_id file_data filename',
  'refusal name tool_calls id index function arguments tool_call_id',
  'audio transcript function_call tools strict parameters description tool_choice',
  'allowed_tools mode custom input grammar definition syntax parallel_tool_calls',
  'functions temperature top_p n stream stream_options include_usage include_obfuscation',
  'stop max_tokens max_completion_tokens presence_penalty frequency_penalty logit_bias logprobs top_logprobs',
  'user seed response_format json_schema schema service_tier store metadata',
  'modalities voice prediction reasoning_effort verbosity safety_identifier prompt_cache_key prompt_cache_retention',
  'web_search_options user_location approximate city country region timezone search_context_size',
  'annotations reasoning reasoning_content reasoning_details alt_text alt',
)

/** What servers for local models take beside these. */
const local = names(
  'top_k min_p typical_p repeat_penalty repetition_penalty mirostat mirostat_tau mirostat_eta',
  'guided_json guided_regex guided_choice num_ctx keep_alive ignore_eos min_tokens stop_token_ids',
  'skip_special_tokens chat_template_kwargs think cache_prompt best_of',
)

const responses = names(
  'instructions output previous_response_id conversation include max_output_tokens max_tool_calls effort',
  'summary generate_summary truncation call_id status encrypted_content item_id prompt',
  'version variables container file_ids vector_store_ids filters ranking_options ranker',
  'score_threshold max_num_results search_context_size quality size background phase action',
  'query queries results score start_index end_index title',
)

const anthropic = names(
  'system stop_sequences thinking budget_tokens display tool_use_id is_error source',
  'media_type context citations enabled cache_control ttl signature disable_parallel_tool_use',
  'input_schema max_uses allowed_domains blocked_domains caller context_management edits trigger',
  'value keep clear_at_least exclude_tools clear_tool_inputs output_config output_format speed',
  'user_id cited_text document_index document_title start_char_index end_char_index start_page_number end_page_number',
  'start_block_index end_block_index search_result_index encrypted_index display_width_px display_height_px display_number eager_input_streaming',
  'defer_loading input_examples tool_name task_budget total',
)

const google = names(
  'contents parts inlineData mimeType fileData fileUri displayName functionCall',
  'args functionResponse response executableCode language code codeExecutionResult outcome',
  'thought thoughtSignature videoMetadata startOffset endOffset fps systemInstruction functionDeclarations',
  'parametersJsonSchema responseJsonSchema behavior googleSearch codeExecution urlContext toolConfig functionCallingConfig',
  'allowedFunctionNames safetySettings category threshold generationConfig candidateCount stopSequences maxOutputTokens',
  'topP topK presencePenalty frequencyPenalty responseMimeType responseSchema responseModalities responseLogprobs',
  'enableEnhancedCivicAnswers thinkingConfig includeThoughts thinkingBudget thinkingLevel speechConfig voiceConfig prebuiltVoiceConfig',
  'voiceName languageCode cachedContent labels mediaResolution generateContentRequest serviceTier inline_data',
  'mime_type file_data file_uri function_response system_instruction function_declarations generation_config candidate_count',
  'stop_sequences safety_settings tool_config function_calling_config allowed_function_names thinking_config include_thoughts thinking_budget',
  'response_mime_type response_schema response_json_schema thought_signature',
)

const allowed: ReadonlySet<string> = new Set([...chat, ...local, ...responses, ...anthropic, ...google])

/** Below these, the names are those of the caller: schemas, arguments of tools, labels. */
const free: ReadonlySet<string> = new Set(
  names(
    'parameters input_schema schema parametersJsonSchema responseJsonSchema responseSchema response_schema response_json_schema',
    'guided_json args arguments response metadata labels logit_bias variables',
    'chat_template_kwargs filters input_examples',
  ),
)

const poisonous: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
/** Labels are free as well, but some servers read their configuration there. */
const redirecting =
  /^(?:api_?(?:base|key|version|type)|base_?url|user_?config|custom_?llm_?provider|litellm.*|proxy.*)$/i
const configurable: ReadonlySet<string> = new Set(['metadata', 'labels', 'variables', 'chat_template_kwargs'])

/** Whether the names below this field are those of the caller. */
export function isFree(field: string): boolean {
  return free.has(field)
}

/** Whether a field may be passed on. `within` is the free field that it is in, or null. */
export function isAllowed(field: string, within: string | null): boolean {
  if (within === null) return allowed.has(field)
  return !poisonous.has(field) && !(configurable.has(within) && redirecting.test(field))
}
