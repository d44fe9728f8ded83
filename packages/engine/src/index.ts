export * from './contract.ts'
export type * from './contract-events.ts'
export type * from './contract-plan.ts'
export type * from './contract-state.ts'
export type {
  ApiRequest,
  ApiRoute,
  ControllerContext,
  ControllerExtension,
  RunningExtension,
  Schema,
} from './controller/api-route.ts'
export { Controller, type ControllerOptions, startController } from './controller/controller.ts'
export { ControllerClient, type ControllerState, connectController } from './controller/controller-client.ts'
export { type ControllerProcessOptions, startControllerProcess } from './controller/controller-process.ts'
export { runController } from './controller/run-controller.ts'
export * from './image/index.ts'
export { fieldManager, KubernetesApi, type LiveObject } from './kubernetes/api/api-client.ts'
export { type ClusterAccess, inClusterAccess, kubeconfigAccess } from './kubernetes/api/kubeconfig.ts'
export { type Applied, applyObjects } from './kubernetes/apply/apply-objects.ts'
export { type DeployEntry, readDeployments } from './kubernetes/deploy/deploy-record.ts'
export { type DeployEvent, type Deployment, deploy, deploymentOf } from './kubernetes/deploy/deployment.ts'
export { type ObjectChange, objectChanges } from './kubernetes/deploy/object-changes.ts'
export { type RolloutState, rolledOut, rolloutStates } from './kubernetes/deploy/rollout.ts'
export { KubernetesEngine, type KubernetesEngineOptions } from './kubernetes/kubernetes-engine.ts'
export { diagnose, type Finding } from './machine/diagnosis.ts'
export { MachineEngine } from './machine/engine/machine-engine.ts'
export { type MachineEngineOptions, startMachineEngine } from './machine/engine/start-machine-engine.ts'
export { systemProcessTable } from './machine/process/process-table.ts'
export { gatewayProcess } from './machine/routing/gateway-process.ts'
export type { GatewayLink } from './machine/routing/publisher.ts'
export type { SecretSource } from './machine/secret-source.ts'
export { engineProblemCodes } from './problem-codes.ts'
export { type UntilReady, untilReady } from './until-ready.ts'
