import { command } from '../host/command.ts'

/** Standard output of `kubectl ...args`; `input` goes to its standard input. Throws SWC001 with what it said. */
export type Kubectl = (
  args: readonly string[],
  options?: { readonly input?: string; readonly timeoutMs?: number },
) => Promise<string>

/** A kubectl with its program and kubeconfig fixed. */
export function kubectlFor(program: string, kubeconfig: string): Kubectl {
  return async function kubectl(args, options) {
    return command(program, [`--kubeconfig=${kubeconfig}`, ...args], options)
  }
}

/** One API object or list, read as JSON. */
export async function getObject<Shape>(kubectl: Kubectl, args: readonly string[]): Promise<Shape> {
  return JSON.parse(await kubectl(['get', ...args, '-o', 'json']))
}

/** Applies objects server-side under the rig's own field manager. */
export async function applyObjects(kubectl: Kubectl, objects: object | readonly object[]): Promise<void> {
  const list = Array.isArray(objects) ? { apiVersion: 'v1', kind: 'List', items: objects } : objects
  await kubectl(['apply', '--server-side', '--field-manager=rig', '--force-conflicts', '-f', '-'], {
    input: JSON.stringify(list),
  })
}
