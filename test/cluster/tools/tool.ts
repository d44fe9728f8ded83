/** Names of the programs that are built from Go modules. */
export type ToolName =
  | 'coredns'
  | 'helm'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-proxy'
  | 'kube-scheduler'
  | 'kube-score'
  | 'kubeconform'
  | 'kubectl'
  | 'kubelet'
  | 'kwok'
  | 'metrics-server'
  | 'pause'
  | 'rollouts-controller'

/** How one program is built. */
export interface Tool {
  readonly name: ToolName
  /** Folder beside this file, with its own go.mod and go.sum. */
  readonly module: 'kit' | 'kubernetes' | 'lint' | 'pause' | 'rollouts'
  /** Go package of the program. */
  readonly package: string
  /** Package variables set by the linker. */
  readonly variables?: Readonly<Record<string, string>>
}

/** The version of Kubernetes in tools/kubernetes/go.mod. */
export const kubernetesVersion = '1.34.4'

// Without these the programs call themselves v0.0.0-master, and clients refuse the skew.
const versionPackage = 'k8s.io/component-base/version'
const kubernetesVariables: Readonly<Record<string, string>> = {
  [`${versionPackage}.gitVersion`]: `v${kubernetesVersion}`,
  [`${versionPackage}.gitMajor`]: '1',
  [`${versionPackage}.gitMinor`]: '34',
  [`${versionPackage}.gitTreeState`]: 'clean',
}

function kubernetes(name: ToolName): Tool {
  return { name, module: 'kubernetes', package: `k8s.io/kubernetes/cmd/${name}`, variables: kubernetesVariables }
}

/** All programs, in the order in which they are built: what most others wait for comes first. */
export const tools: readonly Tool[] = Object.freeze([
  { name: 'pause', module: 'pause', package: '.' },
  kubernetes('kube-apiserver'),
  kubernetes('kubectl'),
  kubernetes('kubelet'),
  kubernetes('kube-controller-manager'),
  kubernetes('kube-scheduler'),
  kubernetes('kube-proxy'),
  { name: 'coredns', module: 'kit', package: './coredns' },
  { name: 'metrics-server', module: 'kit', package: 'sigs.k8s.io/metrics-server/cmd/metrics-server' },
  { name: 'helm', module: 'kit', package: 'helm.sh/helm/v3/cmd/helm' },
  { name: 'kwok', module: 'kit', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  { name: 'kubeconform', module: 'lint', package: 'github.com/yannh/kubeconform/cmd/kubeconform' },
  { name: 'kube-score', module: 'lint', package: 'github.com/zegl/kube-score/cmd/kube-score' },
  {
    name: 'rollouts-controller',
    module: 'rollouts',
    package: 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
  },
])

/**
 * What a use needs:
 * - `api`: an API server to apply manifests to, without nodes;
 * - `cluster`: two nodes with pods, services, DNS and CPU metrics;
 * - `render`: checks of rendered files;
 * - `rollout`: the comparison with Argo Rollouts;
 * - `scale`: nodes that cost nothing.
 */
export type ToolSet = 'api' | 'cluster' | 'render' | 'rollout' | 'scale'

/** The programs of each set; a set is complete in itself. */
export const toolSets: Readonly<Record<ToolSet, readonly ToolName[]>> = {
  api: ['kube-apiserver', 'kubectl'],
  cluster: [
    'pause',
    'kube-apiserver',
    'kubectl',
    'kubelet',
    'kube-controller-manager',
    'kube-scheduler',
    'kube-proxy',
    'coredns',
    'metrics-server',
  ],
  render: ['kubectl', 'helm', 'kubeconform', 'kube-score'],
  rollout: ['rollouts-controller'],
  scale: ['kwok'],
}
