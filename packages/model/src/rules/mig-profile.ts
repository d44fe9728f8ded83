/** One way in which a part of a GPU may be cut out: how large, and where it may begin. */
export interface MigProfile {
  /** As `nvidia-smi mig -lgip` calls it, such as `1g.5gb` or `1g.5gb+me`. */
  readonly name: string
  /** Memory slots that it covers. */
  readonly slots: number
  /** Slots at which it may begin (`nvidia-smi mig -lgipp`). */
  readonly starts: readonly number[]
  /** Most of them on one GPU, where that is fewer than the slots would hold. */
  readonly most?: number
  /** Memory, GB as in its name. */
  readonly memory: number
}

/** Seven compute slices over eight memory slots: A100, H100, H200, GH200, H20, B200, GB200. */
export function sevenSlices(
  one: number,
  oneDouble: number,
  two: number,
  three: number,
  seven: number,
): readonly MigProfile[] {
  const everyStart = [0, 1, 2, 3, 4, 5, 6]
  return [
    { name: `1g.${one}gb`, slots: 1, starts: everyStart, memory: one },
    { name: `1g.${one}gb+me`, slots: 1, starts: everyStart, most: 1, memory: one },
    { name: `1g.${oneDouble}gb`, slots: 2, starts: [0, 2, 4, 6], memory: oneDouble },
    { name: `2g.${two}gb`, slots: 2, starts: [0, 2, 4], memory: two },
    { name: `3g.${three}gb`, slots: 4, starts: [0, 4], memory: three },
    { name: `4g.${three}gb`, slots: 4, starts: [0], memory: three },
    { name: `7g.${seven}gb`, slots: 8, starts: [0], memory: seven },
  ]
}

/** Four slices, each with a quarter of the memory (GB): A30, RTX PRO 6000 Blackwell. */
export function fourSlices(one: number): readonly MigProfile[] {
  return [
    { name: `1g.${one}gb`, slots: 1, starts: [0, 1, 2, 3], memory: one },
    { name: `1g.${one}gb+me`, slots: 1, starts: [0, 1, 2, 3], most: 1, memory: one },
    { name: `2g.${one * 2}gb`, slots: 2, starts: [0, 2], memory: one * 2 },
    { name: `2g.${one * 2}gb+me`, slots: 2, starts: [0, 2], most: 1, memory: one * 2 },
    { name: `4g.${one * 4}gb`, slots: 4, starts: [0], memory: one * 4 },
  ]
}

/** Two halves of the memory (GB): RTX PRO 5000 and 4500 Blackwell. */
export function twoSlices(one: number): readonly MigProfile[] {
  return [
    { name: `1g.${one}gb`, slots: 1, starts: [0, 1], memory: one },
    { name: `2g.${one * 2}gb`, slots: 2, starts: [0], memory: one * 2 },
  ]
}
