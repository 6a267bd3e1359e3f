// Runs the simulator over cases: one JSON object a line in, one answer a line out, in order.
// Its packages are found through the working directory, which is the installation under target/real.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const require = createRequire(`${process.cwd()}/package.json`)
const { runSimulation } = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')))

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer
  try {
    const response = await runSimulation(JSON.parse(line), {})
    answer = response.resultType === 'error'
      ? { error: JSON.stringify(response.errors) }
      : { result: response.overallResult, ignored: response.result?.ignoredContextKeys ?? [] }
  } catch (error) {
    answer = { error: String(error?.stack ?? error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
