import { Redis } from 'ioredis'

/** A cache that may be lost at any time: reads then miss, writes are dropped. */
export interface Cache {
  get(key: string): Promise<string | null>
  set(key: string, value: string, seconds: number): Promise<void>
  drop(key: string): Promise<void>
  close(): void
}

/** The shared Redis where there is one; otherwise a cache that never remembers. */
export function openCache(url: string | undefined): Cache {
  if (!url)
    return { get: async () => null, set: async () => undefined, drop: async () => undefined, close: () => undefined }
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: 200,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  })
  redis.on('error', () => undefined)
  return {
    get: (key) => redis.get(key).catch(() => null),
    set: async (key, value, seconds) => void (await redis.set(key, value, 'EX', seconds).catch(() => null)),
    drop: async (key) => void (await redis.del(key).catch(() => null)),
    close: () => redis.disconnect(),
  }
}
