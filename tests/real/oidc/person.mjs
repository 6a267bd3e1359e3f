// A person who signs in without a browser, for tests of what happens around a login and not in it: goes through the provider's own
// pages and forms, as a browser would, and ends at the address that the provider leads back to.
const STEPS = 12

// What is on the page: where its form goes, and its fields as they are filled in already.
function form (page) {
  const action = page.match(/<form[^>]*\baction="([^"]+)"/)?.[1]
  if (!action) throw new Error(`the page has no form:\n${page}`)
  const fields = [...page.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)]
  return { action, fields: Object.fromEntries(fields.map(([, name, value]) => [name, value])) }
}

// Signs in at an authorization address; gives the last address, with the answer's status, or 0 where nobody answered there.
export async function signIn ({ url, login }) {
  const cookies = new Map()
  const origin = new URL(url).origin
  let body = null
  for (let step = 0; step < STEPS; step++) {
    const isHome = new URL(url).origin !== origin
    const headers = isHome ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    let answer
    try {
      answer = await fetch(url, { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' })
    } catch (error) {
      if (isHome) return { url, status: 0 }
      throw error
    }
    if (isHome) return { url, status: answer.status }
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/)
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location) {
      await answer.body?.cancel()
      url = new URL(location, url).href
      body = null
      continue
    }
    const { action, fields } = form(await answer.text())
    url = new URL(action, url).href
    body = new URLSearchParams(fields.prompt === 'login' ? { ...fields, login, password: 'hunter2' } : fields)
  }
  throw new Error(`the login does not end: ${url}`)
}
