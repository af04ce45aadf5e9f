import { memoryHsm, seededRandom } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { base64url, fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { nobleCrypto } from '../../ports/reference/crypto.ts'

// Hostile tokens, most of them signed with the very key of the vault: what is refused is refused for what it says. jose
// is the oracle: it takes what we make, and refuses what breaks the standard. What it leaves to its callers, we refuse.

/** A vault, its token key at hand, and a good token to spoil. */
async function forge() {
  const hsm = memoryHsm({ random: seededRandom('hsm') })
  const world = await testPawl({ hsm })
  const { access_token } = await world.owner.auth.refresh()
  const good = access_token.reveal()
  const jwks = await world.owner.auth.jwks()
  const { kid = '', x = '' } = jwks.keys[0] ?? {}
  const [head = '', body = '', tail = ''] = good.split('.')
  const header = { alg: 'EdDSA', typ: 'JWT', kid }
  const claims: Record<string, unknown> = JSON.parse(text(body))
  const sign = async (signed: string) => `${signed}.${base64url(await hsm.sign(`pawl:tokens/${kid}`, utf8(signed)))}`
  return {
    world,
    good,
    parts: { head, body, tail },
    header,
    claims,
    publicKey: x,
    /** A token of these parts, signed with our key. Texts go as they are. */
    signed: (head: unknown, body: unknown) => sign(`${part(head)}.${part(body)}`),
    takes: (token: string) =>
      world.pawl
        .as(token)
        .auth.me()
        .then(
          () => true,
          (error) => {
            expect(error).toMatchObject({ kind: 'unauthenticated', code: 'not_authenticated' })
            return false
          },
        ),
    joseTakes: (token: string) =>
      jwtVerify(token, createLocalJWKSet(structuredClone(jwks)), {
        algorithms: ['EdDSA'],
        typ: 'JWT',
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
        currentDate: new Date(world.clock.now()),
      }).then(
        () => true,
        () => false,
      ),
  }
}

function part(value: unknown): string {
  return base64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)))
}

function text(encoded: string): string {
  return fromUtf8(fromBase64url(encoded) ?? new Uint8Array(0))
}

type Forge = Awaited<ReturnType<typeof forge>>

describe('a token of ours', () => {
  it('is a standard one: jose verifies it with the published key', async () => {
    const { world, good, joseTakes, takes } = await forge()
    await using _ = world
    expect(await takes(good)).toBe(true)
    expect(await joseTakes(good)).toBe(true)
  })

  it('has the header and the claims of 3.3 and nothing secret', async () => {
    const { parts, claims, header, world } = await forge()
    await using _ = world
    expect(JSON.parse(text(parts.head))).toEqual(header)
    expect(claims).toEqual({
      sub: `user:${world.ownerId}`,
      org: world.org,
      scopes: ['*'],
      iat: world.clock.now() / 1000,
      exp: world.clock.now() / 1000 + 900,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      epoch: 0,
      sid: claims.jti,
      session_exp: world.clock.now() / 1000 + 86_400,
      key_id: null,
    })
  })

  it('is signed as well when it is made again from its own parts, so the attacks below fail for what they change', async () => {
    const { header, claims, signed, good, world } = await forge()
    await using _ = world
    expect(await signed(header, text(good.split('.')[1] ?? ''))).toBe(good)
    expect(claims.sub).toBe(`user:${world.ownerId}`)
  })
})

/** Refused by jose too. */
const broken: Record<string, (forge: Forge) => Promise<string> | string> = {
  'alg none, unsigned': ({ header, parts }) => `${part({ ...header, alg: 'none' })}.${parts.body}.`,
  'alg none in other letters': ({ header, parts }) => `${part({ ...header, alg: 'nOnE' })}.${parts.body}.`,
  'alg none with the good signature': ({ header, parts }) =>
    `${part({ ...header, alg: 'none' })}.${parts.body}.${parts.tail}`,
  'alg none, signed by us': ({ header, claims, signed }) => signed({ ...header, alg: 'none' }, claims),
  'HS256 with the public key as the secret (B8)': ({ header, parts, publicKey }) =>
    hs256(`${part({ ...header, alg: 'HS256' })}.${parts.body}`, fromBase64url(publicKey) ?? new Uint8Array(0)),
  'HS256 with the text of the public key as the secret (B8)': ({ header, parts, publicKey }) =>
    hs256(`${part({ ...header, alg: 'HS256' })}.${parts.body}`, utf8(publicKey)),
  'alg EdDSA in other letters': ({ header, claims, signed }) => signed({ ...header, alg: 'eddsa' }, claims),
  'alg ES256': ({ header, claims, signed }) => signed({ ...header, alg: 'ES256' }, claims),
  'no alg': ({ header, claims, signed }) => signed({ typ: header.typ, kid: header.kid }, claims),
  'a kid nobody has': ({ header, claims, signed }) =>
    signed({ ...header, kid: '00000000-0000-4000-8000-000000000000' }, claims),
  'a kid that is a path': ({ header, claims, signed }) => signed({ ...header, kid: '../../dev/null' }, claims),
  'a typ of another kind of token': ({ header, claims, signed }) => signed({ ...header, typ: 'dpop+jwt' }, claims),
  'no typ': ({ header, claims, signed }) => signed({ alg: header.alg, kid: header.kid }, claims),
  'a critical extension': ({ header, claims, signed }) => signed({ ...header, crit: ['b64'], b64: false }, claims),
  'no signature': ({ parts }) => `${parts.head}.${parts.body}.`,
  'two parts': ({ parts }) => `${parts.head}.${parts.body}`,
  'four parts': ({ good, parts }) => `${good}.${parts.tail}`,
  'five parts, as if it were encrypted': ({ good }) => `${good}..`,
  'half a signature': ({ good }) => good.slice(0, -43),
  'the signature twice': ({ good, parts }) => good + parts.tail,
  'the other base64 alphabet': ({ parts }) => `${parts.head}.${parts.body}.+/${parts.tail.slice(2)}`,
  'a character of no alphabet': ({ good }) => `${good}!`,
  'a signature over other claims': ({ parts, claims }) =>
    `${parts.head}.${part({ ...claims, org: '00000000-0000-4000-8000-000000000000' })}.${parts.tail}`,
  'no exp': ({ header, claims, signed }) => signed(header, without(claims, 'exp')),
  'exp as a text': ({ header, claims, signed }) => signed(header, { ...claims, exp: String(claims.exp) }),
  'exp null': ({ header, claims, signed }) => signed(header, { ...claims, exp: null }),
  'exp negative': ({ header, claims, signed }) => signed(header, { ...claims, exp: -1 }),
  'exp zero': ({ header, claims, signed }) => signed(header, { ...claims, exp: 0 }),
  'exp at this very second': ({ header, claims, signed }) => signed(header, { ...claims, exp: claims.iat }),
  'no iat': ({ header, claims, signed }) => signed(header, without(claims, 'iat')),
  'no sub': ({ header, claims, signed }) => signed(header, without(claims, 'sub')),
  'no jti': ({ header, claims, signed }) => signed(header, without(claims, 'jti')),
  'claims that are a list': ({ header, signed }) => signed(header, []),
  'claims that are no JSON': ({ header, signed }) => signed(header, 'me'),
  'no claims': ({ header, signed }) => signed(header, ''),
  'nothing at all': () => '..',
}

/** Fine by the standard, or left to whoever checks; refused here. */
const unwanted: Record<string, (forge: Forge) => Promise<string> | string> = {
  padding: ({ good }) => `${good}==`,
  'no kid': ({ header, claims, signed }) => signed({ alg: header.alg, typ: header.typ }, claims),
  'a key of its own in the header': ({ header, claims, signed, publicKey }) =>
    signed({ ...header, jwk: { kty: 'OKP', crv: 'Ed25519', x: publicKey } }, claims),
  'an address of keys in the header': ({ header, claims, signed }) =>
    signed({ ...header, jku: 'https://evil.example/jwks.json' }, claims),
  'an address of certificates in the header': ({ header, claims, signed }) =>
    signed({ ...header, x5u: 'https://evil.example/x.pem' }, claims),
  'a header in another order': ({ header, claims, signed }) =>
    signed({ typ: header.typ, alg: header.alg, kid: header.kid }, claims),
  'a claim twice': ({ header, claims, signed }) =>
    signed(header, JSON.stringify(claims).replace('{', '{"sub":"user:00000000-0000-4000-8000-000000000000",')),
  'spaces between claims': ({ header, claims, signed }) => signed(header, JSON.stringify(claims, null, 1)),
  'exp with a fraction': ({ header, claims, signed }) => signed(header, { ...claims, exp: Number(claims.exp) + 0.5 }),
  'exp beyond what a number holds': ({ header, claims, signed }) =>
    signed(header, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e300')),
  'iat in the future (J6)': ({ header, claims, signed }) =>
    signed(header, { ...claims, iat: Number(claims.iat) + 300, exp: Number(claims.exp) + 300 }),
  'no epoch': ({ header, claims, signed }) => signed(header, without(claims, 'epoch')),
  'no session': ({ header, claims, signed }) => signed(header, without(claims, 'sid')),
  'an audience (B7)': ({ header, claims, signed }) => signed(header, { ...claims, aud: 'https://elsewhere.example' }),
  'two audiences, one of them right (B7)': ({ header, claims, signed }) =>
    signed(header, { ...claims, aud: ['http://127.0.0.1:8210', 'https://elsewhere.example'] }),
  'an audience that is a number (B7)': ({ header, claims, signed }) => signed(header, { ...claims, aud: 1 }),
  'the organisation of somebody else': async ({ world, header, claims, signed }) =>
    signed(header, { ...claims, org: (await world.otherOrg()).org }),
  'the name of no kind of principal': ({ header, claims, signed, world }) =>
    signed(header, { ...claims, sub: `mfa:${world.ownerId}` }),
  'a user called an agent': ({ header, claims, signed, world }) =>
    signed(header, { ...claims, sub: `agent:${world.ownerId}` }),
  'an identity that is a path': ({ header, claims, signed, world }) =>
    signed(header, { ...claims, sub: `user:x/${world.ownerId}` }),
  'more than 8 KiB': ({ header, claims, signed }) => signed(header, { ...claims, scopes: 'a'.repeat(8_192) }),
}

function without(claims: Record<string, unknown>, name: string): Record<string, unknown> {
  const { [name]: _, ...rest } = claims
  return rest
}

function hs256(signed: string, secret: Uint8Array): string {
  return `${signed}.${base64url(nobleCrypto.hmacSha256(secret, utf8(signed)))}`
}

describe('a hostile token is refused (9.1.1 to 9.2.4)', () => {
  it.each(Object.entries(broken))('%s, and jose refuses it too', async (_, make) => {
    const forged = await forge()
    await using _world = forged.world
    const token = await make(forged)
    expect(token).not.toBe(forged.good)
    expect(await forged.takes(token)).toBe(false)
    expect(await forged.joseTakes(token)).toBe(false)
  })

  it.each(Object.entries(unwanted))('%s', async (_, make) => {
    const forged = await forge()
    await using _world = forged.world
    expect(await forged.takes(await make(forged))).toBe(false)
  })

  it('with one character changed, wherever in the header, the claims or the signature', async () => {
    const { good, takes, world } = await forge()
    await using _ = world
    for (let at = 0; at < good.length; at += 6) {
      const other = good[at] === 'A' ? 'B' : 'A'
      expect(await takes(good.slice(0, at) + other + good.slice(at + 1)), `character ${at}`).toBe(false)
    }
  })

  it('with a second spelling of the same signature', async () => {
    const { good, takes, world } = await forge()
    await using _ = world
    // 64 bytes leave four bits of the last character unused; a lax decoder drops them.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(good.slice(-1))
    for (let bits = 1; bits < 16; bits++) {
      expect(await takes(good.slice(0, -1) + alphabet[last ^ bits])).toBe(false)
    }
  })

  it('made by another vault, although that one is sure of it', async () => {
    const [ours, theirs] = [await forge(), await testPawl({ seed: 'another' })]
    await using _ = ours.world
    await using _theirs = theirs
    const { access_token } = await theirs.owner.auth.refresh()
    expect(await ours.takes(access_token.reveal())).toBe(false)
  })

  it.each([
    "' OR '1'='1",
    '',
    ' ',
    'null',
    '1ck_',
    'ocv_',
    `1ck_${"'".repeat(43)}`,
    'é'.repeat(100),
    '\u0000',
    '../..',
  ])('that is none: %j (H7)', async (token) => {
    const { takes, world } = await forge()
    await using _ = world
    expect(await takes(token)).toBe(false)
  })

  it('and is ignored by a public operation, which never reads it (1.1.7)', async () => {
    const { world, good } = await forge()
    await using _ = world
    for (const token of ['', 'nonsense', `${good}x`]) {
      await expect(world.pawl.as(token).auth.jwks()).resolves.toMatchObject({ keys: [{ kty: 'OKP' }] })
    }
  })
})
