/** Exit codes that every command shares. */
export const exitCode = {
  /** Done, and the answer is yes. */
  done: 0,
  /** Done, and the answer is no: a check failed, a claim was refuted, a release was rolled back. */
  no: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The catalog or the machine does not allow it; the problem is printed. */
  problem: 3,
  /** A fault of Seaworthy itself. */
  fault: 4,
  /** Interrupted. */
  interrupted: 130,
} as const

/** The same for `--help` and the docs. */
export const exitCodeMeanings: readonly (readonly [number, string])[] = [
  [exitCode.done, 'done, and the answer is yes'],
  [exitCode.no, 'done, and the answer is no: a check failed, a claim was refuted, a release was rolled back'],
  [exitCode.usage, 'the command line is wrong'],
  [exitCode.problem, 'the catalog or the machine does not allow it; the problem is printed'],
  [exitCode.fault, 'a fault of Seaworthy itself'],
  [exitCode.interrupted, 'interrupted'],
]
