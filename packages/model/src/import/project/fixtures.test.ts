import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../canonical-json.ts'
import { check } from '../../check.ts'
import { problemsOf } from '../../document.ts'
import type { Draft } from '../draft.ts'
import { fleetOfDraft } from '../fleet-of-draft.ts'
import { printConfig } from '../print/print-config.ts'
import type { SourceFiles } from '../source-files.ts'
import { evaluateConfig } from '../testing/evaluate-config.ts'
import { readProject } from './read-project.ts'

const root = fileURLToPath(new URL('../fixtures/', import.meta.url))
const repository = fileURLToPath(new URL('../../../../../', import.meta.url))
const projects = readdirSync(root).filter((name) => !name.startsWith('kubernetes-'))

function filesOf(folder: string): SourceFiles {
  const at = (path: string): string => join(root, folder, path)
  return {
    read: (path) =>
      statSync(at(path), { throwIfNoEntry: false })?.isFile() ? readFileSync(at(path), 'utf8') : undefined,
    list: (path) =>
      statSync(at(path), { throwIfNoEntry: false })?.isDirectory()
        ? readdirSync(at(path), { withFileTypes: true })
            .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
            .sort()
        : [],
  }
}

function read(project: string): Draft {
  const { draft, problems } = readProject(filesOf(project), project)
  expect(problems).toEqual([])
  if (!draft) throw new Error(`nothing was read from ${project}`)
  return draft
}

function noteText({ notes }: Draft): string {
  return `${notes.map((note) => `${note.kind.padEnd(8)} ${note.file}:${note.line} ${note.path}: ${note.what}${note.instead && `. ${note.instead}`}`).join('\n')}\n`
}

describe.each(projects)('the project %s', (project) => {
  const draft = read(project)
  const text = printConfig(draft)

  it('becomes the config and the notes that stand beside it', async () => {
    await expect(text).toMatchFileSnapshot(join(root, project, 'seaworthy.config.mts'))
    await expect(noteText(draft)).toMatchFileSnapshot(join(root, project, 'notes.txt'))
  })

  it('is accepted as it is', () => {
    const report = check(evaluateConfig(text), { today: '2026-11-20' })
    expect(report.refusals).toEqual([])
  })

  it('says in its config what was read, no more and no less', () => {
    const printed = evaluateConfig(text)
    expect(problemsOf(printed)).toEqual([])
    expect(canonicalJson(printed)).toBe(canonicalJson(fleetOfDraft(draft)))
  })

  it('has every note at a line that its file has', () => {
    const files = filesOf(project)
    for (const note of draft.notes) {
      expect(files.read(note.file)?.split('\n').length).toBeGreaterThanOrEqual(note.line)
      expect(note.what).not.toBe('')
      if (note.kind !== 'needless') expect([note.what, note.instead]).not.toEqual([note.what, undefined])
    }
  })
})

describe('configs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-configs-'))
  beforeAll(() => {
    for (const project of projects) {
      mkdirSync(join(folder, project))
      writeFileSync(join(folder, project, 'seaworthy.config.mts'), printConfig(read(project)))
    }
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are formatted as the formatter would', () => {
    const { formatter, javascript } = JSON.parse(readFileSync(join(repository, 'biome.json'), 'utf8'))
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ root: true, formatter, javascript }))
    const biome = join(repository, 'node_modules/.bin/biome')
    const { status, stdout, stderr } = spawnSync(biome, ['format', ...projects], { encoding: 'utf8', cwd: folder })
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining(`${projects.length} files`)])
  })

  it('hold no value that was kept in an env file as a secret', () => {
    const secrets = [
      'hunter2',
      'sk_live_51H',
      'somewordpress',
      'change-me-please',
      's3cr3t-p4ss',
      'from-infra-env',
      'changeme-in',
      'dev-secret',
      '0123456789abcdef',
      'admin-of-grafana',
      '$apr1$',
    ]
    for (const project of projects) {
      const text = printConfig(read(project)) + noteText(read(project))
      for (const secret of secrets) expect([project, text.includes(secret)]).toEqual([project, false])
    }
  })
})
