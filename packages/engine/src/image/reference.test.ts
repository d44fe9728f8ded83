import { describe, expect, it } from 'vitest'
import { formatReference, parseReference } from './reference.ts'

describe('an image reference', () => {
  it.each([
    ['hello', 'docker.io/library/hello:latest'],
    ['shop/api:1.4', 'docker.io/shop/api:1.4'],
    ['registry.example.com/shop/api:1.4', 'registry.example.com/shop/api:1.4'],
    ['localhost:5000/a_b/c-d:v1', 'localhost:5000/a_b/c-d:v1'],
    ['docker.io/redis', 'docker.io/library/redis:latest'],
  ])('%s is %s', (short, full) => {
    expect(formatReference(parseReference(short))).toBe(full)
    expect(formatReference(parseReference(full))).toBe(full)
  })

  it.each(['', 'UPPER', 'a//b', 'a:b:c', 'a@sha256:00', '-a', 'a/'])('%j is none', (text) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'SW6706' }))
  })
})
