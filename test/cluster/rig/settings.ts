import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// What a kubelet sets on its machine, here the host (kubernetes, pkg/kubelet/cm, setupKernelTunables), and kube-proxy.
const touched = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
]

/** The kernel settings that nodes change for the whole machine, as they are now. */
export function readSettings(root = '/proc/sys'): Readonly<Record<string, string>> {
  return Object.fromEntries(
    touched
      .filter((name) => existsSync(join(root, name)))
      .map((name) => [name, readFileSync(join(root, name), 'utf8').trim()]),
  )
}

/** Puts settings back. */
export function restoreSettings(settings: Readonly<Record<string, string>>, root = '/proc/sys'): void {
  for (const [name, value] of Object.entries(settings)) {
    const path = join(root, name)
    if (readFileSync(path, 'utf8').trim() !== value) writeFileSync(path, value)
  }
}
