export * from './load/index.ts'
export { problemCodes } from './problem-codes.ts'
