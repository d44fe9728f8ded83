/** What a new version must do before anyone meets it: make a decision, and find it again. */
const target = process.env.SEAWORTHY_TARGET
if (!target) throw new Error('SEAWORTHY_TARGET is not set: it holds the base URL of the version that is tried')

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(new URL(path, target), { ...init, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}`)
  return response.json()
}

const made = (await ask('/v1/decisions', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'idempotency-key': `smoke-${crypto.randomUUID()}` },
  body: JSON.stringify({ subject: 'smoke', action: 'read' }),
})) as { readonly id: string; readonly outcome: string }
const found = (await ask(`/v1/decisions/${made.id}`)) as typeof made
if (found.id !== made.id || found.outcome !== made.outcome) throw new Error(`decision ${made.id} was not found again`)
console.log(`decision ${made.id}: ${made.outcome}, found again`)
