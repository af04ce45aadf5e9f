import { PawlError } from '../../kernel/errors.ts'
import { minute } from '../../kernel/time.ts'
import { type Context, countCall, settingsOf } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { bindingsAgentSettings } from './agent-settings.ts'
import { strictest } from './config.ts'
import { readCredential } from './credential.ts'
import type { Binding } from './records.ts'
import { type Draft, type Filled, fillIn } from './request.ts'

/** A call that is ready to send. */
export interface Ready {
  readonly filled: Filled
  readonly timeoutMs: number
}

/** A call that is not sent, with the reason. */
export interface Withheld {
  readonly status: 'denied' | 'error'
  readonly error: string
}

const withheld = (status: Withheld['status'], error: string): Withheld => ({ status, error })

/** Checks the call, takes one use of the rate limit and reads the credential. */
export function prepare(context: Context, agent: Agent, binding: Binding, draft: Draft): Ready | Withheld {
  if (!binding.isActive) return withheld('denied', 'The binding is disabled.')
  const { execution_guardrails: own = {} } = settingsOf(bindingsAgentSettings, agent.settings)
  const { allowed_binding_types: types } = own
  if (types && !types.includes(binding.type))
    return withheld('denied', `The agent may only use bindings of these types: ${types.join(', ')}.`)
  const { allowsHost, timeoutMs, perMinuteMax } = strictest(binding.config, [binding.guardrails, own])
  if (!allowsHost) return withheld('denied', 'The guardrails do not allow this host.')
  if (perMinuteMax !== null) countCall(context, callsPerMinute(perMinuteMax), binding.id)
  const filled = fill(context, agent, binding, draft)
  return filled ? { filled, timeoutMs } : withheld('error', noCredential)
}

/** A guardrail of an operator, so the switch for rate limits does not turn it off. */
const callsPerMinute = (max: number) => ({ name: 'binding-calls', windows: [{ max, periodMs: minute }] })

const noCredential =
  'The credential cannot be used. Its secret is deleted, unusable here, or closed to the user who set it. ' +
  'A human must check the binding.'

const unreadable = ['denied', 'not_found', 'gone']

function fill(context: Context, agent: Agent, binding: Binding, draft: Draft): Filled | null {
  try {
    return fillIn(binding.config, draft, readCredential(context, agent, binding))
  } catch (error) {
    if (error instanceof PawlError && unreadable.includes(error.kind)) return null
    throw error
  }
}
