export * from './load/index.ts'
export { proofProblems } from './problem-codes.ts'
