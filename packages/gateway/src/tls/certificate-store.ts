import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls'
import { Problem } from '@seaworthy/model'
import type { TlsConfig } from '../snapshot.ts'

/** The certificates of one listener, looked up by server name; loading again exchanges all of them at once or none. */
export class CertificateStore {
  #exact = new Map<string, SecureContext>()
  #wildcard = new Map<string, SecureContext>()
  #first: SecureContext | undefined

  /** Reads the files; throws a Problem SW2004 and keeps what is loaded when one is missing, malformed or does not fit its key. */
  load(config: TlsConfig): void {
    const exact = new Map<string, SecureContext>()
    const wildcard = new Map<string, SecureContext>()
    let first: SecureContext | undefined
    for (const { serverName, certFile, keyFile } of config.certificates) {
      const { context, names } = readPair(certFile, keyFile)
      first ??= context
      for (const name of serverName === undefined ? names : [serverName.toLowerCase()]) {
        if (name.startsWith('*.')) wildcard.set(name.slice(1), context)
        else exact.set(name, context)
      }
    }
    this.#exact = exact
    this.#wildcard = wildcard
    this.#first = first
  }

  /** The context for a server name: exact, then wildcard over one label, then the first certificate of the listener. */
  find(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase()
    const dot = name.indexOf('.')
    return this.#exact.get(name) ?? (dot === -1 ? undefined : this.#wildcard.get(name.slice(dot))) ?? this.#first
  }

  /** TLS settings that look certificates up here at every handshake; `alpn` are the protocols offered, best first. */
  options(alpn: readonly string[]): TlsOptions {
    return {
      SNICallback: (name, done) => done(null, this.find(name)),
      ALPNProtocols: [...alpn],
      minVersion: 'TLSv1.2',
    }
  }

  /** The context for clients that name no server. */
  get fallback(): SecureContext | undefined {
    return this.#first
  }
}

function readPair(certFile: string, keyFile: string): { context: SecureContext; names: string[] } {
  try {
    const cert = readFileSync(certFile)
    const key = readFileSync(keyFile)
    const context = createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
    const names = (new X509Certificate(cert).subjectAltName ?? '')
      .split(', ')
      .flatMap((name) => (name.startsWith('DNS:') ? [name.slice(4).toLowerCase()] : []))
    return { context, names }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const found = code === 'ENOENT' ? 'no such file' : message
    throw new Problem({
      code: 'SW2004',
      message: `expected a certificate and its key in ${certFile} and ${keyFile}, found: ${found}`,
      where: { file: certFile },
      hint: 'name PEM files that belong together, or make a development certificate with `seaworthy cert dev`',
      cause,
    })
  }
}
