import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'

/** Where a certificate and its key are. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** An authority for development: nobody but this machine should trust it. */
export interface DevelopmentCa {
  /** The authority's certificate, for clients to trust. */
  readonly caFile: string
  /** A certificate for these names (DNS names, wildcards or addresses); the one made before is used again while it fits and is fresh. */
  issue(names: readonly string[]): Promise<CertificateFiles>
}

const day = 86_400_000
const caDays = 3_650
const leafDays = 90
/** Days before its end from which a certificate is made anew. */
const renewDays = 30
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Opens the development authority of a directory, or makes it there: ECDSA P-256, keys readable by their owner only. */
export async function developmentCa(directory: string, now: () => number = Date.now): Promise<DevelopmentCa> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const caFile = join(directory, 'ca.pem')
  const caKeyFile = join(directory, 'ca.key')
  const present = await readFile(caFile, 'utf8').catch(() => undefined)
  if (present === undefined || endsWithin(present, renewDays, now())) await makeAuthority(caFile, caKeyFile, now())
  return {
    caFile,
    async issue(names) {
      const [first = 'localhost'] = names
      const base = join(directory, first.replaceAll('*', '_').replaceAll(':', '_'))
      const files = { certFile: `${base}.pem`, keyFile: `${base}.key` }
      const before = await readFile(files.certFile, 'utf8').catch(() => undefined)
      const ca = await readFile(caFile, 'utf8')
      if (before !== undefined && isGood(before, ca, names, now())) return files
      await makeLeaf(files, names, ca, await readFile(caKeyFile, 'utf8'), now())
      return files
    },
  }
}

async function makeAuthority(caFile: string, keyFile: string, now: number): Promise<void> {
  const x509 = await library()
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(16).toString('hex'),
    name: `CN=Seaworthy development ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(now - day),
    notAfter: new Date(now + caDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writeKey(keyFile, keys.privateKey)
  await writeFile(caFile, certificate.toString('pem'))
}

async function makeLeaf(
  files: CertificateFiles,
  names: readonly string[],
  caPem: string,
  caKeyPem: string,
  now: number,
): Promise<void> {
  const x509 = await library()
  const ca = new x509.X509Certificate(caPem)
  const der = createPrivateKey(caKeyPem).export({ type: 'pkcs8', format: 'der' })
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomBytes(16).toString('hex'),
    subject: `CN=${names[0] ?? 'localhost'}`,
    issuer: ca.subject,
    notBefore: new Date(now - day),
    notAfter: new Date(now + leafDays * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writeKey(files.keyFile, keys.privateKey)
  await writeFile(files.certFile, certificate.toString('pem'))
}

async function writeKey(file: string, key: webcrypto.CryptoKey): Promise<void> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key)
  const pem = createPrivateKey({ key: Buffer.from(der), type: 'pkcs8', format: 'der' }).export({
    type: 'pkcs8',
    format: 'pem',
  })
  await writeFile(file, pem, { mode: 0o600 })
  await chmod(file, 0o600)
}

/** Whether a certificate is of this authority, for all these names, and not about to end. */
function isGood(pem: string, caPem: string, names: readonly string[], now: number): boolean {
  const certificate = new X509Certificate(pem)
  const covers = (name: string): boolean =>
    isIP(name) === 0
      ? (certificate.subjectAltName ?? '').split(', ').includes(`DNS:${name}`)
      : certificate.checkIP(name) !== undefined
  return certificate.checkIssued(new X509Certificate(caPem)) && names.every(covers) && !endsWithin(pem, renewDays, now)
}

function endsWithin(pem: string, days: number, now: number): boolean {
  return Date.parse(new X509Certificate(pem).validTo) - now < days * day
}

/** Loaded only where certificates are made: serving requests must not wait for it. */
async function library(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  x509.cryptoProvider.set(webcrypto)
  return x509
}
