import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { developmentCa } from './development-ca.ts'

const directory = mkdtempSync(join(tmpdir(), 'gateway-ca-'))
afterAll(() => rmSync(directory, { recursive: true }))
const read = (file: string): X509Certificate => new X509Certificate(readFileSync(file))
const day = 86_400_000

describe('the development authority', () => {
  test('issues certificates for names and addresses that it vouches for', async () => {
    const ca = await developmentCa(directory)
    const { certFile, keyFile } = await ca.issue(['shop.test', '*.shop.test', '127.0.0.1'])
    const certificate = read(certFile)
    expect(certificate.checkIssued(read(ca.caFile))).toBe(true)
    expect(certificate.verify(read(ca.caFile).publicKey)).toBe(true)
    expect(certificate.checkHost('shop.test')).toBe('shop.test')
    expect(certificate.checkHost('a.shop.test')).toBe('*.shop.test')
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
  })

  test('uses what it has while that is fresh, and renews it in time', async () => {
    const ca = await developmentCa(directory)
    const first = read((await ca.issue(['a.test'])).certFile).fingerprint256
    expect(read((await ca.issue(['a.test'])).certFile).fingerprint256).toBe(first)
    const later = await developmentCa(directory, () => Date.now() + 70 * day)
    const second = read((await later.issue(['a.test'])).certFile).fingerprint256
    expect(second).not.toBe(first)
    const wider = read((await later.issue(['a.test', 'b.test'])).certFile)
    expect(wider.checkHost('b.test')).toBe('b.test')
  })
})
