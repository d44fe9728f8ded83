import { rootCertificates } from 'node:tls'
import { emptyDirectory, type ImageFile, textFile } from './image-file.ts'

/** The person that a service runs as. */
export interface ImageUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Nobody in particular, and not root: 65532, as in the distroless images. */
export const nonRoot: ImageUser = Object.freeze({ name: 'app', uid: 65532, gid: 65532 })

/**
 * What a program finds on every system: the user table, name look-up order, a writable `/tmp`, and the certificate
 * authorities that Node itself trusts (so they are the same on every machine that builds). No shell, no package manager.
 */
export function baseFiles(user: ImageUser = nonRoot): readonly ImageFile[] {
  return [
    textFile(
      '/etc/passwd',
      `root:x:0:0:root:/root:/sbin/nologin\n${user.name}:x:${user.uid}:${user.gid}:${user.name}:/home/${user.name}:/sbin/nologin\n`,
    ),
    textFile('/etc/group', `root:x:0:\n${user.name}:x:${user.gid}:\n`),
    textFile('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    textFile('/etc/ssl/certs/ca-certificates.crt', `${rootCertificates.join('\n')}\n`),
    emptyDirectory('/tmp', 0o1777),
    emptyDirectory('/root', 0o700),
    emptyDirectory(`/home/${user.name}`, 0o755, { uid: user.uid, gid: user.gid }),
  ]
}
