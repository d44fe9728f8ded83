import { cpus } from 'node:os'

/** Waits until the machine's processors have been idle for nine tenths of a third of a second, at most `seconds`; true if they were. */
export async function quietMachine(seconds: number): Promise<boolean> {
  const end = performance.now() + seconds * 1_000
  do {
    const before = times()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const after = times()
    if ((after.idle - before.idle) / (after.all - before.all) > 0.9) return true
  } while (performance.now() < end)
  return false
}

function times(): { idle: number; all: number } {
  let idle = 0
  let all = 0
  for (const cpu of cpus()) {
    idle += cpu.times.idle
    all += cpu.times.idle + cpu.times.user + cpu.times.sys + cpu.times.nice + cpu.times.irq
  }
  return { idle, all }
}
