import type { Engine } from '../contract.ts'

/** A JSON Schema, as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>

/** One request of the controller's API, taken apart. */
export interface ApiRequest {
  /** Values of the path's `{names}`. */
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal
}

/** One operation: served, and described in the OpenAPI document, from this one row. */
export interface ApiRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** Such as `/v1/services/{service}/exposure`. */
  readonly path: string
  /** Unique name of the operation. */
  readonly operation: string
  readonly summary: string
  readonly query?: Readonly<Record<string, { readonly schema: Schema; readonly help: string }>>
  /** Schema of the request's body. */
  readonly body?: Schema
  /** Schema of the answer, or of each event's data. */
  readonly answer: Schema
  /** Answers with one JSON value, or with server-sent events, one JSON value each. */
  readonly handle:
    | { readonly kind: 'value'; readonly run: (request: ApiRequest) => Promise<unknown> }
    | { readonly kind: 'events'; readonly run: (request: ApiRequest) => AsyncIterable<unknown> }
}

/** What a part of the product adds to the controller: releases, experiments, backups, the dashboard. */
export interface ControllerExtension {
  readonly name: string
  /** Called once the engine has adopted what runs; resumes what its journal says. */
  readonly start: (context: ControllerContext) => Promise<RunningExtension>
}

/** What an extension works with. */
export interface ControllerContext {
  readonly engine: Engine
  readonly stateDir: string
  readonly root: string
  readonly environment: string
}

/** An extension at work. */
export interface RunningExtension extends AsyncDisposable {
  readonly routes?: readonly ApiRoute[]
}
