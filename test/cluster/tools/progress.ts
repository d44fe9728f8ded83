/** Shows that long work goes on. */
export interface Progress {
  begin(title: string): void
  /** `count` more things were done. */
  step(count: number): void
  end(): void
}

/** Where progress is written; standard error in use. */
export interface ProgressOutput {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/**
 * Progress as one line that is rewritten on a terminal, and elsewhere as a line at the start, at the end, and every
 * `everyMs` (ms) between. `now` gives ms.
 */
export function lineProgress(
  output: ProgressOutput = process.stderr,
  now: () => number = Date.now,
  everyMs: number = 20_000,
): Progress {
  let title = ''
  let started = 0
  let shown = 0
  let count = 0
  const line = (): string => {
    const seconds = Math.floor((now() - started) / 1000)
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    return `${title}  ${count} packages  ${time}`
  }
  const show = (ending: string): void => {
    shown = now()
    output.write(output.isTTY ? `\r\x1b[2K${line()}${ending}` : `${line()}\n`)
  }
  return {
    begin(text) {
      title = text
      started = now()
      count = 0
      show('')
    },
    step(more) {
      count += more
      if (now() - shown >= (output.isTTY ? 200 : everyMs)) show('')
    },
    end() {
      show('\n')
    },
  }
}
