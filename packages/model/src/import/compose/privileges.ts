import type { DockerfileFacts } from '../dockerfile/read-dockerfile.ts'
import type { Notes } from '../note.ts'
import type { Section } from '../section.ts'
import { textOf } from '../yaml/tree.ts'

const exception = (allow: string, more = ''): string =>
  `If it must: \`security: [{ allow: '${allow}'${more}, reason: '...', until: '...' }]\`.`

/** The user that a service runs as; root and other privileges are noted, because they need a reason and an end. */
export function readUser(service: Section, dockerfile: DockerfileFacts | undefined, notes: Notes): string | undefined {
  const user = service.text('user')
  const isRoot = user !== undefined && /^(root|0)(:|$)/.test(user)
  if (isRoot)
    notes.lost(
      service.placeOf('user'),
      `${service.path}.user`,
      'it ran as root; services run unprivileged',
      exception('root'),
    )
  else if (
    user === undefined &&
    dockerfile &&
    (dockerfile.user === undefined || /^(root|0)(:|$)/.test(dockerfile.user))
  )
    notes.changed(
      { file: dockerfile.path, line: dockerfile.userLine ?? 1 },
      'USER',
      'the image runs as root unless its base says otherwise; services run unprivileged',
      `Add a USER to the Dockerfile. ${exception('root')}`,
    )
  if (service.flag('privileged'))
    notes.lost(
      service.placeOf('privileged'),
      `${service.path}.privileged`,
      'no service is privileged',
      exception('privilege-escalation'),
    )
  for (const item of service.items('cap_add'))
    notes.lost(
      item.at,
      `${service.path}.cap_add`,
      `it does not get the capability ${textOf(item) ?? ''}`,
      exception('capability', `, capability: '${textOf(item) ?? ''}'`),
    )
  for (const item of service.items('security_opt')) {
    const option = textOf(item) ?? ''
    if (/^no-new-privileges([:=]true)?$/.test(option))
      notes.needless(item.at, `${service.path}.security_opt`, 'services get no new privileges')
    else
      notes.lost(
        item.at,
        `${service.path}.security_opt`,
        `${option} has no counterpart`,
        'Write it under `kubernetes`.',
      )
  }
  return isRoot ? undefined : user
}
