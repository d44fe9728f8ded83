export type { EndpointLoad } from './core/data-plane.ts'
export type { EngineKind } from './core/engine.ts'
export { createGateway, type Gateway, type GatewayOptions, type OpenListener } from './core/gateway.ts'
export { defaultLimits, type Limits } from './core/limits.ts'
export {
  type CounterPage,
  type CounterRow,
  latencyBoundsMs,
  type Outcome,
  outcomes,
} from './counter-page.ts'
export { type AccessLog, FileLog, silentLog } from './log/access-log.ts'
export { gatewayProblems } from './problem-codes.ts'
export { connectGateway, type GatewayControl } from './process/control.ts'
export { type StartGatewayOptions, startGateway } from './process/start.ts'
export type { GatewayStatus, WorkerStatus } from './process/status.ts'
export type {
  Address,
  Endpoint,
  GatewaySnapshot,
  Listener,
  Route,
  ServicePool,
  StickyBy,
  TlsConfig,
  VersionPool,
} from './snapshot.ts'
export { checkSnapshot } from './snapshot-check.ts'
export { type CertificateFiles, type DevelopmentCa, developmentCa } from './tls/development-ca.ts'
