/** The version of this package. */
export async function ownVersion(): Promise<string> {
  const { default: about } = (await import('../package.json', { with: { type: 'json' } })) as {
    readonly default: { readonly version: string }
  }
  return about.version
}
