import { describe, expect, it } from 'vitest'
import { healthCheck, shellCommand } from './health.ts'

const ready = (command: string) => healthCheck(shellCommand(command), {}).ready

describe('a health check becomes a request where its command makes one', () => {
  it.each([
    ['curl -f http://localhost:3000/health', { http: '/health' }],
    ['curl --fail --silent http://127.0.0.1:8080/ready?full=1 || exit 1', { http: '/ready?full=1' }],
    ['curl -fsS http://localhost:8000/health > /dev/null 2>&1 || exit 1', { http: '/health' }],
    ['wget --no-verbose --tries=1 --spider http://localhost:9000/ping || exit 1', { http: '/ping' }],
    ['wget -qO- http://localhost:4000/', { http: '/' }],
    ['/usr/bin/curl localhost:80', { http: '/' }],
    ['nc -z localhost 5432', { tcp: 5432 }],
  ])('%s', (command, probe) => {
    expect(ready(command)).toEqual(probe)
  })

  it.each([
    ['curl -f -H "X-Key: a" http://localhost/', ['curl', '-f', '-H', 'X-Key: a', 'http://localhost/']],
    ['curl -f https://localhost/', 'curl -f https://localhost/'],
    ['curl -X POST http://localhost/', 'curl -X POST http://localhost/'],
    ['curl -f http://api:3000/', 'curl -f http://api:3000/'],
    ['pg_isready -U app', 'pg_isready -U app'],
    ['curl -s http://localhost | grep ok', ['sh', '-c', 'curl -s http://localhost | grep ok']],
    ['test $(ps | wc -l) -gt 1', ['sh', '-c', 'test $(ps | wc -l) -gt 1']],
  ])('%s stays a command', (command, exec) => {
    expect(ready(command)).toEqual({ exec })
  })
})

describe('the timings of a health check', () => {
  it('are written where they are not the default, and an answer comes before the next question', () => {
    expect(healthCheck(['true'], { interval: '1m30s', timeout: '10s', retries: '5' }).ready).toEqual({
      exec: 'true',
      every: '90s',
      timeout: '10s',
      failures: 5,
    })
    expect(healthCheck(['true'], { interval: '10s', timeout: '10s' }).ready).toEqual({ exec: 'true', timeout: '9s' })
    expect(healthCheck(['true'], { interval: '1s' }).ready).toEqual({ exec: 'true', every: '1s', timeout: '500ms' })
  })

  it('give a starting service as long as Compose did, and its retries on top', () => {
    const { startup } = healthCheck(['true'], { interval: '10s', start_period: '1m' } as never)
    expect(startup).toBeUndefined()
    expect(healthCheck(['true'], { interval: '10s', startPeriod: '1m' }).startup).toEqual({ exec: 'true', failures: 9 })
    expect(healthCheck(['true'], { startPeriod: '20s', startInterval: '2s', retries: '1' }).startup).toEqual({
      exec: 'true',
      every: '2s',
      timeout: '1s',
      failures: 11,
    })
  })

  it('never let a start take longer than a release waits', () => {
    expect(healthCheck(['true'], { interval: '1m', startPeriod: '5h' }).startup).toMatchObject({ failures: 30 })
  })
})
