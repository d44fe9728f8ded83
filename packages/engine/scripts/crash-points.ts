/** `npm run test:crash-points`: kills the writer of the state files at every system call there is, and counts what was lost. */
import { crashAt, findStrace, writingCalls } from '../src/crash-points/crash-point.ts'

const strace = findStrace()
if (strace === undefined) {
  console.log('not run: strace is not installed, or tracing is not allowed here (apt-get install strace)')
  process.exit(0)
}
let points = 0
const broken: string[] = []
for (const call of writingCalls) {
  let index = 0
  for (;;) {
    index += 1
    const point = crashAt(strace, call, index)
    for (const violation of point.violations) broken.push(`${call} ${index}: ${violation}`)
    if (!point.killed) break
    points += 1
  }
  console.log(`${call.padEnd(10)} ${String(index - 1).padStart(4)} points`)
}
const control = writingCalls.flatMap((call) =>
  [1, 2, 3].flatMap((index) => crashAt(strace, call, index, 'naive').violations),
)
console.log(
  `${points} points, ${broken.length} unreadable or lost; the control that writes files in place broke ${control.length} times`,
)
for (const line of broken) console.log(line)
process.exitCode = broken.length > 0 || control.length === 0 ? 1 : 0
