/** Loads the readers of Compose files, manifests and projects; only the commands that import pay for them. */
export function openImport(): Promise<typeof import('./index.ts')> {
  return import('./index.ts')
}
