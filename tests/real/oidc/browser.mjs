// A person at a browser: goes to an address, fills in what the provider asks for, and says where that ended.
// One line of JSON comes in: {"program", "libraries", "url", "login", "password", "code", "consents", "proxy"}; one goes out: {"url",
// "text"}. A proxy leads to servers of the test under names of the internet.
// It ends, and the browser with it, when standard input does.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const require = createRequire(`${process.cwd()}/package.json`)
const { chromium } = require('playwright-core')

const lines = createInterface({ input: process.stdin })
lines.on('close', () => process.exit(1))
const [line] = await new Promise((resolve) => lines.once('line', (...all) => resolve(all)))
const person = JSON.parse(line)

const PATIENCE = 60_000
const STEPS = 8

const browser = await chromium.launch({
  executablePath: person.program,
  // The sandbox of Chromium refuses to run for root, and what is opened here is the test's own.
  chromiumSandbox: false,
  args: [
    person.proxy ? `--proxy-server=${person.proxy}` : '--no-proxy-server',
    // The provider's pages name a font of another host: nothing leaves this machine.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  ],
  env: { ...process.env, LD_LIBRARY_PATH: person.libraries },
})
// Whoever is behind the proxy has a certificate that no browser knows; what the program makes of it is tested, and not this.
const page = await browser.newPage({ ignoreHTTPSErrors: Boolean(person.proxy) })
page.setDefaultTimeout(PATIENCE)

// The address bar: where the browser was last sent, also when nobody answered there.
let address = person.url
page.on('request', (request) => {
  if (request.isNavigationRequest() && request.frame() === page.mainFrame()) address = request.url()
})

// Whether the page came; where nobody listens, the browser shows a page of its own.
async function arrives (navigation) {
  try {
    await navigation
    return true
  } catch (error) {
    if (/ERR_CONNECTION_REFUSED/.test(error.message)) return false
    throw error
  }
}

async function press (selector) {
  const [isThere] = await Promise.all([arrives(page.waitForNavigation()), page.click(selector)])
  return isThere
}

let isCancelled = false

// What is to be done on the page; nothing when it is the last one.
async function next () {
  if (isCancelled) return null
  const has = async (selector) => (await page.locator(selector).count()) > 0
  if (await has('input[type=text][name=user_code]')) {
    await page.fill('input[name=user_code]', person.code)
    return 'button[type=submit]'
  }
  if (!person.consents && await has('.login-help a')) {
    isCancelled = true
    return '.login-help a:has-text("Cancel")'
  }
  if (await has('input[name=login]')) {
    await page.fill('input[name=login]', person.login)
    await page.fill('input[name=password]', person.password)
    return 'button[type=submit]'
  }
  if (await has('button[type=submit]')) return 'button[type=submit]:has-text("Continue")'
  return null
}

let text = ''
if (await arrives(page.goto(person.url))) {
  let isThere = true
  for (let step = 0; isThere; step++) {
    const button = await next()
    if (!button) {
      text = await page.innerText('body')
      break
    }
    if (step === STEPS) throw new Error(`the login does not end: ${address}\n${await page.innerText('body')}`)
    isThere = await press(button)
  }
}
await browser.close()
process.stdout.write(`${JSON.stringify({ url: address, text })}\n`, () => process.exit(0))
