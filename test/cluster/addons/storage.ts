import type { AddressPlan } from '../rig/address-plan.ts'

/** Folders under a node's `/var/lib/volumes`, one a volume. There is no provisioner: what is there is what can be claimed. */
export const volumeNames: readonly string[] = Array.from({ length: 24 }, (_, index) => `volume-${index}`)

/**
 * The default storage class and the volumes of both nodes. A claim is bound when its first pod is scheduled, to a volume of
 * that pod's node. Sizes and access modes are taken at their word, since a folder has no size.
 */
export function storageObjects(plan: AddressPlan): object {
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  }
  const volumes = plan.nodes.flatMap((node) =>
    volumeNames.map((volume) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${node.name}-${volume}` },
      spec: {
        storageClassName: 'standard',
        capacity: { storage: '1Ti' },
        accessModes: ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        local: { path: `/var/lib/volumes/${volume}` },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node.name] }] },
            ],
          },
        },
      },
    })),
  )
  return { apiVersion: 'v1', kind: 'List', items: [storageClass, ...volumes] }
}
