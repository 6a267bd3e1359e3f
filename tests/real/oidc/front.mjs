// What stands between the tests and the provider: it forwards, records what was asked, and gives the answers that a network, a proxy
// or an attacker may give and the provider never would.
import { generateKeyPairSync, sign } from 'node:crypto'
import { request } from 'node:http'

const GIBIBYTE = 1024 ** 3
const SKEW = 600

// Answers that have nothing of the provider's.
const INSTEAD = {
  html (_, response) {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><html><title>Web filter</title><body>Please accept the terms of use.</body></html>')
  },
  redirect (state, response) {
    // 307 keeps the method and the body: who follows it sends everything on.
    response.writeHead(307, { location: `${state.issuer}/elsewhere` })
    response.end()
  },
  huge (_, response, entry) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': GIBIBYTE })
    const part = Buffer.alloc(64 * 1024, ' ')
    let isOver = false
    response.on('close', () => { isOver = true })
    const go = () => {
      while (!isOver && entry.sent < GIBIBYTE) {
        entry.sent += part.length
        if (!response.write(part)) return response.once('drain', go)
      }
      response.end()
    }
    go()
  },
  slow (_, response) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 4096 })
    const drip = setInterval(() => response.write(' '), 200)
    response.on('close', () => clearInterval(drip))
  },
  silent () {},
  unavailable (_, response) {
    response.writeHead(503, { 'content-type': 'text/plain' })
    response.end('Service Unavailable')
  },
  cut (_, response) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 4096 })
    response.write('{"id_token":"', () => response.destroy())
  },
}

const now = () => Math.floor(Date.now() / 1000)

// Changes to the claims of the provider's id_token. All but the last two are signed by the provider's own key.
const CLAIMS = {
  'wrong-nonce': (claims) => ({ ...claims, nonce: 'of-another-login' }),
  'wrong-audience': (claims) => ({ ...claims, aud: 'another-application' }),
  'wrong-issuer': (claims) => ({ ...claims, iss: 'https://issuer.example' }),
  'wrong-subject': (claims) => ({ ...claims, sub: 'somebody-else' }),
  expired: (claims) => ({ ...claims, iat: now() - 7200, exp: now() - 3600 }),
  // The provider's clock is ten minutes ahead of the one here: its `Date` says the same.
  'clock-ahead': (claims) => ({ ...claims, iat: claims.iat + SKEW, exp: claims.exp + SKEW }),
  unsigned: (claims) => claims,
  'wrong-key': (claims) => claims,
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

function forged (state, token, fault) {
  const claims = CLAIMS[fault](JSON.parse(Buffer.from(token.split('.')[1], 'base64url')))
  if (fault === 'unsigned') return `${encoded({ alg: 'none' })}.${encoded(claims)}.`
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT', kid: state.keyId })}.${encoded(claims)}`
  const key = fault === 'wrong-key' ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : state.key
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`
}

// What nobody but the two ends may ever see.
const SECRET_FIELDS = ['code', 'code_verifier', 'refresh_token', 'device_code', 'client_secret', 'client_assertion']
const SECRET_MEMBERS = ['id_token', 'access_token', 'refresh_token', 'device_code']

function remember (state, names, read) {
  for (const name of names) {
    const value = read(name)
    if (value) state.secrets.add(value)
  }
}

// The code on the way back, which the browser carries.
function codeOf (location) {
  return location && URL.canParse(location) ? new URL(location).searchParams.get('code') : null
}

async function whole (stream) {
  const parts = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

function forward (state, asked, body) {
  return new Promise((resolve, reject) => {
    // The name stays that of the issuer: the provider makes its addresses of it.
    const headers = { ...asked.headers, 'x-forwarded-proto': new URL(state.issuer).protocol.slice(0, -1) }
    const options = { host: '127.0.0.1', port: state.upstream, method: asked.method, path: asked.url, headers }
    const forwarded = request(options, (answer) => {
      whole(answer).then((content) => resolve({ status: answer.statusCode, headers: answer.headers, content }), reject)
    })
    forwarded.on('error', reject)
    forwarded.end(body)
  })
}

async function serve (state, asked, response) {
  const path = asked.url.split('?')[0]
  const endpoint = state.endpoints[path] ?? 'other'
  const body = await whole(asked)
  const form = endpoint === 'token' ? new URLSearchParams(body.toString()) : null
  const fault = state.faults.get(endpoint) ?? null
  const entry = { method: asked.method, path, endpoint, grant: form?.get('grant_type') ?? null, fault, status: null, sent: 0 }
  state.requests.push(entry)
  if (form) remember(state, SECRET_FIELDS, (name) => form.get(name))
  const instead = INSTEAD[fault]
  if (instead) return instead(state, response, entry)

  const { status, headers, content } = await forward(state, asked, body)
  entry.status = status
  remember(state, ['location'], () => codeOf(headers.location))
  if (status === 200 && (endpoint === 'token' || endpoint === 'device')) {
    const issued = JSON.parse(content)
    remember(state, SECRET_MEMBERS, (name) => issued[name])
  }
  let answer = content
  if (CLAIMS[fault] && status === 200) {
    const tokens = JSON.parse(content)
    const idToken = forged(state, tokens.id_token, fault)
    state.secrets.add(idToken)
    answer = Buffer.from(JSON.stringify({ ...tokens, id_token: idToken }))
    if (fault === 'clock-ahead') headers.date = new Date(Date.now() + SKEW * 1000).toUTCString()
  }
  const { 'content-length': _, 'transfer-encoding': __, ...rest } = headers
  response.writeHead(status, { ...rest, 'content-length': answer.length })
  response.end(answer)
}

export const FAULTS = new Set([...Object.keys(INSTEAD), ...Object.keys(CLAIMS)])

export function front (state) {
  return (asked, response) => {
    serve(state, asked, response).catch((error) => {
      if (!response.headersSent) response.writeHead(502)
      response.end(String(error))
    })
  }
}
