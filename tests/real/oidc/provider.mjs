// A certified OpenID provider (npm `oidc-provider`) on the loopback, for logins of the tests. It checks what it is asked, and issues
// what it issues, as it always does; `front.mjs` before it makes what no provider should answer, and `control.mjs` sets both.
// Its packages are found through the working directory, which is the installation under target/real.
//
//   node provider.mjs REDIRECT_PORT
//
// The variable PROVIDER is JSON: {"issuer": what its tokens call it, where a proxy leads there under a company's name; "routes": paths of its
// endpoints; "client": metadata of its application, in place of a public one's}.
//
// The first line of standard output is {"issuer": …, "port": PORT, "control": PORT}. It ends when standard input does.
import { createServer } from 'node:http'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

import { control } from './control.mjs'
import { front } from './front.mjs'

// The provider's notices belong to nobody; standard output is for the line that is waited for.
console.info = console.warn = () => {}
process.stdin.resume().on('end', () => process.exit(0))

const require = createRequire(`${process.cwd()}/package.json`)
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')))
// Comes with the provider.
const jose = await import(pathToFileURL(require.resolve('jose')))

const [redirectPort] = process.argv.slice(2)
const { issuer, client, routes } = JSON.parse(process.env.PROVIDER)
const TAGS = 'https://aws.amazon.com/tags'
const KEY_ID = 'signs'

// What a test may set while the provider runs.
const knobs = {
  id_token_seconds: 3600,
  refresh_token_seconds: 14 * 24 * 3600,
  device_code_seconds: 600,
  // Session tags as AWS takes them from a token, such as {"Team": "engineering"}; none without it.
  aws_tags: null,
  // Groups of whoever signs in; the claim is absent without it.
  groups: null,
}

async function listen (server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const paths = { authorization: '/auth', device_authorization: '/device/auth', jwks: '/jwks', token: '/token', ...routes }
const state = {
  knobs,
  faults: new Map(),
  requests: [],
  secrets: new Set(),
  key: privateKey,
  keyId: KEY_ID,
  endpoints: {
    '/.well-known/openid-configuration': 'discovery',
    [paths.jwks]: 'keys',
    [paths.authorization]: 'authorization',
    [paths.token]: 'token',
    [paths.device_authorization]: 'device',
  },
  issuer: '',
  upstream: 0,
}

// Who signs in is who they say: the provider's own form takes any password.
function account (_, login) {
  return {
    accountId: login,
    claims () {
      const claims = {
        sub: login,
        email: login.includes('@') ? login : `${login}@example.com`,
        email_verified: true,
        name: `Name of ${login}`,
        preferred_username: login,
      }
      if (knobs.groups) claims.groups = knobs.groups
      if (knobs.aws_tags) {
        claims[TAGS] = {
          principal_tags: Object.fromEntries(Object.entries(knobs.aws_tags).map(([key, value]) => [key, [value]])),
          transitive_tag_keys: Object.keys(knobs.aws_tags),
        }
      }
      return claims
    },
  }
}

const issuing = createServer(front(state))
const port = await listen(issuing)
state.issuer = issuer ?? `http://127.0.0.1:${port}`

const provider = new Provider(state.issuer, {
  clients: [{
    client_id: 'credential-process',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    redirect_uris: [`http://localhost:${redirectPort}/callback`],
    id_token_signed_response_alg: 'RS256',
    ...client,
  }],
  // Its document has no other way than the application's own, so that whoever takes another one is wrong there.
  clientAuthMethods: [client?.token_endpoint_auth_method ?? 'none'],
  routes: paths,
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomBytes(24).toString('hex')] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  features: { devInteractions: { enabled: true }, deviceFlow: { enabled: true }, revocation: { enabled: true } },
  claims: {
    openid: ['sub', 'groups', TAGS],
    email: ['email', 'email_verified'],
    profile: ['name', 'preferred_username'],
  },
  // AWS reads the id_token alone, so what the scopes allow stands in it, as at the providers of companies.
  conformIdTokenClaims: false,
  findAccount: account,
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 60,
    DeviceCode: () => knobs.device_code_seconds,
    Grant: 14 * 24 * 3600,
    IdToken: () => knobs.id_token_seconds,
    Interaction: 600,
    RefreshToken: () => knobs.refresh_token_seconds,
    Session: 3600,
  },
})

// Whether it came by TLS is known to whoever ended that.
provider.proxy = state.issuer.startsWith('https://')

const refreshTokens = new Set()
provider.on('refresh_token.saved', (token) => refreshTokens.add(token.jti))

// As when somebody leaves the company: the provider forgets what it issued.
async function revoke (tokens) {
  let revoked = 0
  for (const value of tokens ?? [...refreshTokens]) {
    const token = await provider.RefreshToken.find(value)
    if (token) {
      await token.destroy()
      revoked += 1
    }
  }
  return revoked
}

// As AWS does before it gives credentials for a token: by the keys that the issuer publishes.
async function verify ({ token, audience }) {
  const keys = jose.createRemoteJWKSet(new URL(`http://127.0.0.1:${state.upstream}${paths.jwks}`))
  try {
    const { payload } = await jose.jwtVerify(token, keys, { issuer: state.issuer, audience })
    return { claims: payload }
  } catch (error) {
    return { error: [error.code ?? String(error), error.claim].filter(Boolean).join(' ') }
  }
}

state.upstream = await listen(createServer(provider.callback()))
const controlled = await listen(createServer(control(state, { revoke, verify })))
process.stdout.write(`${JSON.stringify({ issuer: state.issuer, port, control: controlled })}\n`)
