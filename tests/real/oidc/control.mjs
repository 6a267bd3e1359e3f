// What tests set and read while the provider runs, on a port of its own that no client is told of.
//
//   POST   /knobs     {name: value, …}          sets, and answers with all
//   POST   /faults    {endpoint: fault or null} sets
//   POST   /revoke    {"tokens": [...]}         or {} for every refresh token; answers {"revoked": n}
//   POST   /sign-in   {"url", "login"}          signs somebody in there without a browser (person.mjs); answers {"url", "status"}
//   POST   /verify    {"token", "audience"}     verifies an id_token as a party does that relies on it; answers {"claims"} or {"error"}
//   GET    /secrets                             every code, verifier and token that was ever issued or shown
//   GET    /requests                            everything that was asked of the provider since the start or the last DELETE
//   DELETE /requests
import { FAULTS } from './front.mjs'
import { signIn } from './person.mjs'

async function act (state, { revoke, verify }, method, path, body) {
  switch (`${method} ${path}`) {
    case 'POST /knobs':
      for (const name of Object.keys(body)) {
        if (!(name in state.knobs)) throw new Error(`there is no knob ${name}`)
      }
      return Object.assign(state.knobs, body)
    case 'POST /faults':
      for (const [endpoint, fault] of Object.entries(body)) {
        if (fault === null) state.faults.delete(endpoint)
        else if (FAULTS.has(fault)) state.faults.set(endpoint, fault)
        else throw new Error(`there is no fault ${fault}`)
      }
      return {}
    case 'POST /revoke':
      return { revoked: await revoke(body.tokens) }
    case 'POST /sign-in':
      return signIn(body)
    case 'POST /verify':
      return verify(body)
    case 'GET /secrets':
      return [...state.secrets]
    case 'GET /requests':
      return state.requests
    case 'DELETE /requests':
      state.requests.length = 0
      return {}
    default:
      throw new Error(`there is no ${method} ${path}`)
  }
}

export function control (state, powers) {
  return async (asked, response) => {
    try {
      const parts = []
      for await (const part of asked) parts.push(part)
      const text = Buffer.concat(parts).toString()
      const answer = await act(state, powers, asked.method, asked.url, text ? JSON.parse(text) : {})
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    } catch (error) {
      response.writeHead(400)
      response.end(String(error?.message ?? error))
    }
  }
}
