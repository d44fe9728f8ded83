import type { Command } from './command.ts'

/** A command by name; its file is loaded when it is called, so that neither another command nor `--help` pays for it. */
export interface CommandRow {
  readonly name: string
  /** The command's own summary; a test holds them to it. */
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

/** Every command, in the order of `--help`. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'init',
    summary: 'writes a config from what is here: Compose files, packages, a Procfile, Dockerfiles',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'import',
    summary: 'writes a config from Compose files or Kubernetes manifests',
    load: () => import('./commands/import.ts'),
  },
  { name: 'up', summary: 'runs the fleet on this machine, behind its gateway', load: () => import('./commands/up.ts') },
  {
    name: 'down',
    summary: 'drains and stops the fleet on this machine; data stay',
    load: () => import('./commands/down.ts'),
  },
  {
    name: 'status',
    summary: 'shows what runs on this machine and why something does not',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'logs',
    summary: 'shows what services, resources and jobs wrote; secrets are masked',
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'doctor',
    summary: 'says what this machine has of what the fleet wants, and how to get the rest',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'release',
    summary: 'brings a new version of a service to users, step by step, behind a verdict',
    load: () => import('./commands/release.ts'),
  },
  {
    name: 'deploy',
    summary: 'brings the fleet to its Kubernetes cluster: shows what changes, asks, applies, waits',
    load: () => import('./commands/deploy.ts'),
  },
  {
    name: 'render',
    summary: 'writes what others run: manifests, Helm, Kustomize, Compose, systemd',
    load: () => import('./commands/render.ts'),
  },
  {
    name: 'explain',
    summary: 'shows every value in force, its unit, and where it came from',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'check',
    summary: 'finds everything in the catalog that is wrong, cannot be true, or should be mended',
    load: () => import('./commands/check.ts'),
  },
]
