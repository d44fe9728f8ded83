/**
 * Our generator in a process of its own, as the others are: `node client.ts closed URL CONNECTIONS SECONDS` or
 * `node client.ts open URL RATE SECONDS`. Prints the result without its histograms as one JSON line.
 */
import { HttpClient, httpSender, parseTarget, runClosedLoad, runOpenLoad } from '@seaworthy/proof'

const [model, url = '', amount = '', seconds = ''] = process.argv.slice(2)
const limit = model === 'closed' ? Number(amount) : 50
await using client = new HttpClient({ target: parseTarget(url), limit })
const sender = httpSender(client, client.prepare({ path: '/' }))
const result =
  model === 'closed'
    ? await runClosedLoad({ users: limit, seconds: Number(seconds), sender })
    : await runOpenLoad({ arrivals: { kind: 'constant', rate: Number(amount), seconds: Number(seconds) }, sender })
console.log(JSON.stringify(result, (key, value) => (key === 'histogram' || key === 'seconds' ? undefined : value)))
