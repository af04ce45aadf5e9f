/** USD for a million tokens, as providers list them. */
export interface ModelPrice {
  readonly input: number
  readonly output: number
  /** Most tokens of an answer, for requests that set no limit. Default: 4096. */
  readonly outputTokensMax?: number
}

/** Prices by the name of the model. A name that ends with `*` holds for all names that begin like it. */
export type ModelPrices = Readonly<Record<string, ModelPrice>>

/** Base URLs of the model providers that Shroud calls, by name: `{ openai: 'https://api.openai.com/v1' }`. */
export type ModelProviders = Readonly<Record<string, string>>
