import type { ComposeOrigin } from '../compose/origin.ts'
import type { Draft, DraftPart } from '../draft.ts'
import type { Note } from '../note.ts'
import { besideService, checksum, type DataMove, dataMove, rowsQuery } from './data-move.ts'
import { startWaves } from './waves.ts'

/** One step of a move; its commands are for a shell in the project's folder. */
export interface PlanStep {
  readonly phase: 'prepare' | 'rehearse' | 'cut over' | 'go back'
  readonly title: string
  /** Why, or what to look at. */
  readonly detail: string
  readonly commands: readonly string[]
  /** Whether users notice it. */
  readonly interrupts: boolean
}

/** How a running Compose application moves to Kubernetes. */
export interface MigrationPlan {
  readonly fleet: string
  readonly namespace: string
  readonly steps: readonly PlanStep[]
  /** Parts by the order in which they start. */
  readonly waves: readonly (readonly string[])[]
  readonly data: readonly DataMove[]
  /** Files that the commands read. */
  readonly files: Readonly<Record<string, string>>
  /** Under which address users find each service, before and after. */
  readonly addresses: readonly {
    readonly service: string
    readonly before: readonly string[]
    readonly after: readonly string[]
  }[]
  /** Secrets and where the cluster must find them. */
  readonly secrets: readonly { readonly name: string; readonly from: string }[]
  /** Images that must be built and pushed before. */
  readonly builds: readonly { readonly service: string; readonly context: string }[]
  /** What behaves differently afterwards. */
  readonly changes: readonly Note[]
  /** What must be settled by a person before. */
  readonly open: readonly Note[]
}

/** Plans the move of a Compose application to a cluster: order, data, addresses, what changes, and the way back. */
export function planCompose(draft: Draft, origins: readonly ComposeOrigin[]): MigrationPlan {
  const namespace = draft.name
  const originFor = (part: DraftPart): ComposeOrigin | undefined =>
    origins.find((origin) => origin.ref.name === part.name && origin.ref.kind === part.kind)
  const data = [
    ...draft.parts.flatMap((part) => {
      const origin = originFor(part)
      return (origin && dataMove(part, origin, namespace)) ?? []
    }),
    ...sharedVolumes(draft, origins, namespace),
  ]
  const secrets = draft.parts
    .filter((part) => part.kind === 'secret')
    .map((part) => ({
      name: part.name,
      from: typeof part.spec.from === 'string' ? part.spec.from : `env:${part.name.toUpperCase().replaceAll('-', '_')}`,
    }))
  const builds = draft.parts.flatMap((part) => {
    const build = part.spec.build
    if (build === undefined) return []
    return [
      {
        service: part.name,
        context: typeof build === 'string' ? build : String((build as { context: string }).context),
      },
    ]
  })
  const waves = startWaves(draft.parts)
  const addresses = draft.parts.flatMap((part) => {
    const origin = part.kind === 'service' ? originFor(part) : undefined
    const before = (origin?.published ?? []).map((port) => `http://HOST:${port}`)
    const after = ((part.spec.routes as readonly unknown[] | undefined) ?? []).map(routeText)
    return before.length > 0 || after.length > 0 ? [{ service: part.name, before, after }] : []
  })
  const open = draft.notes.filter((note) => note.kind === 'lost')
  const changes = draft.notes.filter((note) => note.kind === 'changed')
  const steps = stepsOf({ draft, origins, namespace, data, secrets, builds, waves, addresses, open })
  const files = data.some((move) => move.compare.flat().some((line) => line.includes('rows.sql')))
    ? { 'rows.sql': rowsQuery }
    : {}
  return { fleet: draft.name, namespace, steps, waves, data, files, addresses, secrets, builds, changes, open }
}

/** The files of volumes that several services share. */
function sharedVolumes(draft: Draft, origins: readonly ComposeOrigin[], namespace: string): readonly DataMove[] {
  return draft.parts
    .filter((part) => part.kind === 'volume')
    .flatMap((part): DataMove[] => {
      for (const user of draft.parts) {
        const needs = (user.spec.needs as readonly { on?: { name: string }; mount?: string }[] | undefined) ?? []
        const mount = needs.find((need) => need.on?.name === part.name)?.mount
        const origin = origins.find((one) => one.ref.name === user.name)
        const volume = origin?.volumes.find(({ target }) => target === mount)
        if (!origin || !mount || !volume || user.kind !== 'service') continue
        const pod = `kubectl -n ${namespace} exec -i deploy/${user.name} --`
        return [
          {
            part: part.name,
            what: `the files of the volume ${volume.volume} (${mount} in ${user.name})`,
            take: [`${besideService(origin.key, `tar -C ${mount} -cf - .`)} > ${volume.volume}.tar`],
            bring: [`${pod} tar -C ${mount} -xf - < ${volume.volume}.tar`],
            compare: [[besideService(origin.key, `sh -c '${checksum(mount)}'`), `${pod} sh -c '${checksum(mount)}'`]],
          },
        ]
      }
      return []
    })
}

type Facts = Pick<MigrationPlan, 'namespace' | 'data' | 'secrets' | 'builds' | 'waves' | 'addresses' | 'open'> & {
  readonly draft: Draft
  readonly origins: readonly ComposeOrigin[]
}

function stepsOf({
  draft,
  origins,
  namespace,
  data,
  secrets,
  builds,
  waves,
  addresses,
  open,
}: Facts): readonly PlanStep[] {
  const step = (
    phase: PlanStep['phase'],
    title: string,
    detail: string,
    commands: readonly string[] = [],
    interrupts = false,
  ): PlanStep => ({ phase, title, detail, commands, interrupts })
  const writers = writersOf(draft, origins, data)
  const names = waves.map((wave, index) => `${index + 1}. ${wave.join(', ')}`).join('; ')
  return [
    step(
      'prepare',
      'Write the config and settle what is open',
      open.length === 0
        ? 'Nothing was lost; read what changes all the same.'
        : `${open.length} ${open.length === 1 ? 'thing was' : 'things were'} not carried over: they stand below, and as remarks in the config.`,
      ['seaworthy import compose', 'seaworthy check'],
    ),
    step(
      'prepare',
      'Declare the cluster',
      `Add \`environment('production', { engine: 'kubernetes', context: '...', namespace: '${namespace}' })\` to the fleet, with \`domain\` and \`tls\` for its routes.`,
      ['seaworthy check --env production'],
    ),
    ...(builds.length > 0
      ? [
          step(
            'prepare',
            `Build and push ${builds.length} ${builds.length === 1 ? 'image' : 'images'}`,
            `${builds.map((build) => `${build.service} from ${build.context}`).join(', ')}; the cluster pulls them by digest.`,
          ),
        ]
      : []),
    ...(secrets.length > 0
      ? [
          step(
            'prepare',
            `Put ${secrets.length} ${secrets.length === 1 ? 'secret' : 'secrets'} where the cluster reads them`,
            secrets.map((secret) => `${secret.name} (now ${secret.from})`).join(', '),
          ),
        ]
      : []),
    step('prepare', 'Read what will be made', 'Nothing is touched yet.', [
      'seaworthy render manifests --env production --out rendered',
      `kubectl apply --dry-run=server -f rendered`,
    ]),
    step(
      'rehearse',
      'Start everything beside the running application',
      `It starts in this order by itself: ${names}. No user reaches it yet.`,
      ['seaworthy deploy --env production'],
    ),
    ...(data.length > 0
      ? [
          step(
            'rehearse',
            'Copy the data once and compare',
            'The application keeps running; this shows how long the copy takes and that it is complete. What is written meanwhile comes with the last copy.',
            data.flatMap((move) => [...move.take, ...move.bring, ...move.compare.flat()]),
          ),
        ]
      : []),
    step(
      'rehearse',
      'Try it',
      'Through the gateway of the cluster, before any name points there; then let Seaworthy show what holds.',
      [`kubectl -n ${namespace} get pods`, 'seaworthy prove --env production'],
    ),
    ...(data.length > 0
      ? [
          step(
            'cut over',
            'Stop what writes',
            `From here on users wait: as long as the last copy takes. Stop ${writers.length > 0 ? writers.join(', ') : 'the services'}, not the databases.`,
            writers.length > 0 ? [`docker compose stop ${writers.join(' ')}`] : [],
            true,
          ),
          step(
            'cut over',
            'Copy the data for the last time and compare',
            'The two lines of each comparison must print the same. If they do not, go back: nothing is lost yet.',
            data.flatMap((move) => [...move.take, ...move.bring, ...move.compare.flat()]),
            true,
          ),
        ]
      : []),
    step(
      'cut over',
      'Let users in',
      addresses.length === 0
        ? 'No service was reached from outside.'
        : addresses
            .map(
              (address) =>
                `${address.service}: ${address.before.join(', ') || 'not reached before'} becomes ${address.after.join(', ') || 'not reached any more'}`,
            )
            .join('; '),
      [],
      data.length > 0,
    ),
    step(
      'cut over',
      'Watch, and keep the old one stopped but whole',
      'Volumes of Compose stay untouched until nobody wants to go back.',
      ['docker compose stop'],
    ),
    step(
      'go back',
      'Start the old application',
      data.length > 0
        ? 'What was written in the cluster since the cut-over is lost unless it is dumped there and restored here first, the same way round.'
        : 'Nothing is lost: it keeps no data.',
      ['docker compose start'],
      true,
    ),
  ]
}

/** Services that needed a part whose data move, by their names in the Compose file's order. */
function writersOf(draft: Draft, origins: readonly ComposeOrigin[], data: readonly DataMove[]): readonly string[] {
  const moved = new Set(data.map((move) => move.part))
  const stores = new Set(
    draft.parts
      .filter((part) => moved.has(part.name) && (part.kind !== 'service' || isDumped(part)))
      .map(({ name }) => name),
  )
  return draft.parts.flatMap((part) => {
    if (part.kind !== 'service') return []
    const needs = ((part.spec.needs as readonly { name?: string; on?: { name: string } }[] | undefined) ?? []).map(
      (need) => need.on?.name ?? need.name ?? '',
    )
    const writes = needs.some((need) => stores.has(need)) || (moved.has(part.name) && !isDumped(part))
    return writes ? [origins.find((origin) => origin.ref.name === part.name)?.key ?? part.name] : []
  })
}

/** Databases that run as services are dumped while they run, so they are not among what is stopped. */
function isDumped(part: DraftPart): boolean {
  return part.spec.protocol === 'tcp'
}

function routeText(route: unknown): string {
  if (typeof route === 'string') return route
  const { host = '', path = '' } = route as { host?: string; path?: string }
  return `${host}${path}` || '/'
}
