export { type Arrivals, arrivalSeconds, expectedArrivals, intendedTimes } from './arrivals.ts'
export { BlockedHistogram } from './blocked-histogram.ts'
export { type ClosedLoad, runClosedLoad } from './closed-load.ts'
export { clusteredInterval } from './clustered-interval.ts'
export {
  type Distribution,
  distribution,
  type QuantileEstimate,
  quantileOf,
  reportedQuantiles,
} from './distribution.ts'
export {
  type Disturbance,
  type DisturbanceContext,
  type DisturbanceRecord,
  type DisturbanceRun,
  planDisturbances,
  runDisturbances,
} from './disturbances.ts'
export { EventReader } from './event-reader.ts'
export { eventSender } from './event-sender.ts'
export { type Bounds, Histogram, type HistogramData, quantileRank } from './histogram.ts'
export { maxRelativeError } from './histogram-buckets.ts'
export { HttpClient, type HttpClientCounts, type HttpClientOptions } from './http-client.ts'
export { type PreparedRequest, prepareRequest, type RequestSpec } from './http-request.ts'
export { type HttpTarget, parseTarget, type TlsOptions } from './http-target.ts'
export {
  ClientLedger,
  type Finding,
  type FindingKind,
  findingKinds,
  Ledger,
  type LedgerClientOptions,
  type Standing,
  type Traffic,
} from './ledger.ts'
export { type Account, type ClientAccount, type ClientState, mostBusy, reconcile } from './ledger-account.ts'
export { formatAccount } from './ledger-account-text.ts'
export { type LedgerEventClient, runLedgerEventClient } from './ledger-event-client.ts'
export { type LedgerFileCounts, readLedgerFile } from './ledger-file.ts'
export { type LedgerHttpClient, runLedgerHttpClient } from './ledger-http-client.ts'
export { type Policy, whileDisturbed } from './ledger-policy.ts'
export { type LedgerRun, whileRunning } from './ledger-run.ts'
export { type LedgerWebSocketClient, runLedgerWebSocketClient } from './ledger-websocket-client.ts'
export { type LoadClock, machineClock } from './load-clock.ts'
export type { LabelResult, LoadResult } from './load-result.ts'
export { formatLoad } from './load-result-text.ts'
export { type OpenLoad, runOpenLoad } from './open-load.ts'
export { type Answered, type Failed, type FailureKind, failureKinds, type Outcome } from './outcome.ts'
export { type Proportion, proportion, proportionInTime } from './proportion.ts'
export { quantileInterval, rankInterval } from './quantile-interval.ts'
export type { Shaped } from './rate-shape.ts'
export type { Second } from './recorder.ts'
export { headerOf } from './response-reader.ts'
export { RunningTime } from './running-time.ts'
export { exponential, integerBelow, type Random, seededRandom } from './seeded-random.ts'
export { httpSender, type Sender, taskSender } from './sender.ts'
export { type StreamedBody, seededBody } from './streamed-body.ts'
export { defaultBounds, judgeValidity, type Validity, type ValidityBounds, type ValidityFacts } from './validity.ts'
export { openWebSocketSender, type WebSocketLoad, type WebSocketSender } from './websocket-sender.ts'
