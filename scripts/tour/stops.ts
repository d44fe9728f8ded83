import { fileURLToPath } from 'node:url'
import type { TourStop } from './tour.ts'

function example(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))
}

const json = { 'content-type': 'application/json' }

/** The fleets that `npm start` can show. */
export const stops: Readonly<Record<string, TourStop>> = {
  'ai-system': {
    folder: example('ai-system'),
    environment: 'development',
    service: 'web-interface',
    traffic: { rate: 40, request: () => ({ path: '/' }) },
  },
  'project-ai': {
    folder: example('project-ai'),
    environment: 'development',
    service: 'api',
    traffic: {
      // In development the API gets a tenth of a core.
      rate: 10,
      request: (n) =>
        n % 4 === 0
          ? { path: '/v1/decisions?limit=5' }
          : {
              method: 'POST',
              path: '/v1/decisions',
              headers: { ...json, 'idempotency-key': `tour-${process.pid}-${n}` },
              body: JSON.stringify({ subject: `user-${n % 50}`, action: 'read', context: { table: 'orders', n } }),
            },
    },
  },
}
