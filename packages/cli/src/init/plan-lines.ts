import type { MigrationPlan } from '@seaworthy/model'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { noteLines } from './note-lines.ts'

/** The plan for a person: steps in order with their commands, the order of starting, what is open and what changes. */
export function planLines(plan: MigrationPlan, io: Pick<Io, 'color' | 'columns'>): readonly string[] {
  const { bold, dim, bad } = paint(io.color)
  const lines = [bold(`moving ${plan.fleet} from Compose to Kubernetes, namespace ${plan.namespace}`)]
  let phase = ''
  for (const [index, step] of plan.steps.entries()) {
    if (step.phase !== phase) {
      phase = step.phase
      lines.push('', bold(phase))
    }
    lines.push(`  ${String(index + 1).padStart(2)}  ${step.title}${step.interrupts ? bad('  users wait') : ''}`)
    lines.push(dim(`      ${step.detail}`))
    for (const command of step.commands) lines.push(`      $ ${command}`)
  }
  for (const [name, text] of Object.entries(plan.files))
    lines.push(
      '',
      bold(name),
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    )
  return [...lines, ...noteLines([...plan.open, ...plan.changes], io, false)]
}
