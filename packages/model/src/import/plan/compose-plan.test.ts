import { describe, expect, it } from 'vitest'
import { readCompose } from '../compose/read-compose.ts'
import { memoryFiles } from '../source-files.ts'
import { type MigrationPlan, planCompose } from './compose-plan.ts'
import { startWaves } from './waves.ts'

function planOf(text: string, more: Readonly<Record<string, string>> = {}): MigrationPlan {
  const { draft, origins, problems } = readCompose(
    memoryFiles({ 'compose.yaml': text, ...more }),
    ['compose.yaml'],
    'shop',
  )
  expect(problems).toEqual([])
  if (!draft) throw new Error('nothing was read')
  return planCompose(draft, origins)
}

const shop = `services:
  Web_App: {build: ., ports: ["3000:3000"], environment: {API_URL: "http://api:4000"}}
  api:
    build: ./api
    expose: ["4000"]
    environment: {DATABASE_URL: "postgres://app:x@db/orders", TOKEN: "\${TOKEN}"}
    volumes: ["uploads:/uploads"]
    depends_on: {migrate: {condition: service_completed_successfully}}
  migrate: {build: ./api, command: npm run migrate, environment: {DATABASE_URL: "postgres://app:x@db/orders"}}
  db: {image: "postgres:16", environment: {POSTGRES_USER: app, POSTGRES_DB: orders}, volumes: ["pg:/var/lib/postgresql/data"]}
  cache: {image: "redis:7"}
  search: {image: "mysql:8", volumes: ["my:/var/lib/mysql"]}
volumes: {uploads: , pg: , my: }
`

describe('the plan of a move', () => {
  const plan = planOf(shop)

  it('starts what is needed before what needs it', () => {
    expect(plan.waves).toEqual(
      [['cache', 'db', 'search'].sort(), ['migrate'], ['api'], ['web-app']].map((wave) => expect.arrayContaining(wave)),
    )
  })

  it('moves the data of everything that keeps any, each in its own way', () => {
    expect(Object.fromEntries(plan.data.map((move) => [move.part, move.take[0]]))).toEqual({
      db: 'docker compose exec -T db pg_dump -U app -Fc orders > db.dump',
      search: expect.stringContaining('mysqldump'),
      api: 'docker run --rm --volumes-from "$(docker compose ps -aq api)" busybox tar -C /uploads -cf - . > uploads.tar',
    })
  })

  it('copies once in rehearsal and once more when nothing writes, and compares each time', () => {
    const copies = plan.steps.filter((step) => step.commands.some((command) => command.includes('pg_dump')))
    expect(copies.map((step) => [step.phase, step.interrupts])).toEqual([
      ['rehearse', false],
      ['cut over', true],
    ])
    for (const step of copies) expect(step.commands.filter((command) => command.endsWith('< rows.sql'))).toHaveLength(2)
    expect(plan.files['rows.sql']).toContain('count(*)')
  })

  it('stops what writes before the last copy, by its name in Compose, and the databases not', () => {
    const stop = plan.steps.find((step) => step.title === 'Stop what writes')
    expect(stop?.commands).toEqual(['docker compose stop api'])
    expect(plan.steps.indexOf(stop as never)).toBe(
      plan.steps.findLastIndex((step) => step.commands.some((command) => command.includes('pg_dump'))) - 1,
    )
  })

  it('says under which address each service is found before and after, and which secrets and images are wanted', () => {
    expect(plan.addresses).toEqual([{ service: 'web-app', before: ['http://HOST:3000'], after: ['/'] }])
    expect(plan.secrets).toEqual([{ name: 'token', from: 'env:TOKEN' }])
    expect(plan.builds.map((build) => build.service)).toEqual(['web-app', 'api', 'migrate'])
  })

  it('names its own way back', () => {
    expect(plan.steps.at(-1)).toMatchObject({ phase: 'go back', commands: ['docker compose start'] })
  })
})

describe('a plan without data', () => {
  it('interrupts nobody until somebody wants to go back', () => {
    const plan = planOf('services: {web: {image: "example/web:1", ports: ["80:80"]}}\n')
    expect(plan.data).toEqual([])
    expect(plan.steps.filter((step) => step.interrupts).map((step) => step.phase)).toEqual(['go back'])
    expect(plan.files).toEqual({})
  })
})

describe('the order of starting', () => {
  it('ends also where needs go in a circle', () => {
    const part = (name: string, on: string) => ({
      kind: 'service' as const,
      name,
      spec: { needs: [{ kind: 'service', name: on }] },
      remarks: {},
      at: { file: '', line: 1 },
    })
    expect(startWaves([part('a', 'b'), part('b', 'a')])).toEqual([['a', 'b']])
  })
})
