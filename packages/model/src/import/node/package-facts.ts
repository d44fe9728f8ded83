import { posix } from 'node:path'
import { needsShell, splitWords } from '../command-words.ts'
import { pathFrom, type SourceFiles } from '../source-files.ts'
import { jsonLine } from './json-line.ts'

/** What a folder's package.json says of the program in it. */
export interface PackageFacts {
  readonly path: string
  /** Without its scope. */
  readonly name?: string
  readonly description?: string
  /** Command that starts it in production: the script's own where it is one program, otherwise through npm. */
  readonly start?: string
  /** Name of the script that `start` comes from. */
  readonly script?: string
  /** The script as it is written. */
  readonly command?: string
  readonly scriptLine?: number
  readonly port?: number
  /** Why that port. */
  readonly portFrom?: { readonly file: string; readonly line: number; readonly guessed: boolean }
  /** Whether it depends on something that answers HTTP. */
  readonly framework?: string
  /** Packages that talk to a database or a cache. */
  readonly drivers: readonly string[]
  readonly workspaces: readonly string[]
}

const frameworks: readonly string[] = [
  'next',
  'nuxt',
  '@nestjs/core',
  'express',
  'fastify',
  'koa',
  'hono',
  '@hapi/hapi',
  'restify',
  'polka',
  '@remix-run/serve',
  '@sveltejs/kit',
  'astro',
  'h3',
  'apollo-server',
  '@apollo/server',
  'socket.io',
  'ws',
  'vite',
]
const ownPorts: Readonly<Record<string, number>> = { astro: 4321, '@sveltejs/kit': 3000, vite: 4173 }
const drivers: readonly string[] = [
  'pg',
  'postgres',
  '@prisma/client',
  'ioredis',
  'redis',
  'bullmq',
  'mysql2',
  'mongodb',
  'mongoose',
  'amqplib',
  'kafkajs',
]

type Json = Readonly<Record<string, unknown>>

/** Reads the package.json of a folder; undefined when there is none, or none that is JSON. */
export function readPackage(files: SourceFiles, folder: string): PackageFacts | undefined {
  const path = pathFrom(folder, 'package.json')
  const text = files.read(path)
  const json = text === undefined ? undefined : parse(text)
  if (text === undefined || !json) return undefined
  const scripts = record(json.scripts)
  const dependencies = Object.keys({ ...record(json.dependencies), ...record(json.devDependencies) })
  const framework = frameworks.find((name) => dependencies.includes(name))
  const script = ['start:prod', 'start', 'serve', 'dev'].find((name) => typeof scripts[name] === 'string')
  const command = script ? String(scripts[script]) : undefined
  const main =
    typeof json.main === 'string' && files.read(pathFrom(folder, json.main)) !== undefined ? json.main : undefined
  const start = command && script ? startCommand(command, script) : main && framework ? `node ${main}` : undefined
  const port = start === undefined ? undefined : findPort(files, folder, command ?? start, path, framework)
  return {
    path,
    ...(typeof json.name === 'string' && { name: json.name.split('/').at(-1) ?? json.name }),
    ...(typeof json.description === 'string' && json.description !== '' && { description: json.description }),
    ...(start !== undefined && { start }),
    ...(script && command && { script, command, scriptLine: jsonLine(text, 'scripts', script) }),
    ...(port && { port: port.port, portFrom: port.from }),
    ...(framework && { framework }),
    drivers: drivers.filter((name) => dependencies.includes(name)),
    workspaces: workspacesOf(json),
  }
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function workspacesOf(json: Json): readonly string[] {
  const globs = Array.isArray(json.workspaces) ? json.workspaces : record(json.workspaces).packages
  return Array.isArray(globs) ? globs.filter((glob) => typeof glob === 'string') : []
}

/** The script itself where it is one program that gets signals; `npm run` where a shell or a local binary is needed. */
function startCommand(command: string, script: string): string {
  const words = splitWords(command)
  const assignments = words.findIndex((word) => !/^[A-Z_][A-Z0-9_]*=/.test(word))
  const [program = ''] = words.slice(Math.max(assignments, 0))
  const direct = !needsShell(command) && /^(node|bun|deno|python3?|java|go)$/.test(program)
  return direct ? command : script === 'start' ? 'npm start' : `npm run ${script}`
}

interface FoundPort {
  readonly port: number
  readonly from: { readonly file: string; readonly line: number; readonly guessed: boolean }
}

/** The port that a program listens on: from its script, its env files, its main file, or its framework's habit. */
function findPort(
  files: SourceFiles,
  folder: string,
  command: string,
  path: string,
  framework: string | undefined,
): FoundPort | undefined {
  const inScript = /(?:--port[= ]|-p[= ]?|(?:^|\s)PORT=)(\d{2,5})\b/.exec(command)
  if (inScript)
    return {
      port: Number(inScript[1]),
      from: { file: path, line: jsonLine(files.read(path) ?? '', 'scripts'), guessed: false },
    }
  for (const name of ['.env', '.env.local', '.env.example', '.env.sample']) {
    const file = pathFrom(folder, name)
    const found = findIn(files.read(file), /^\s*(?:export\s+)?PORT\s*=\s*["']?(\d{2,5})\b/)
    if (found) return { port: found.port, from: { file, line: found.line, guessed: false } }
  }
  for (const file of mainFiles(files, folder, command)) {
    const found = findIn(
      files.read(file),
      /PORT["'\]]*\s*(?:\|\||\?\?|,)\s*["']?(\d{2,5})\b|\.listen\(\s*(?:\{\s*port:\s*)?(\d{2,5})\b|\bport\s*[:=]\s*(\d{2,5})\b/i,
    )
    if (found) return { port: found.port, from: { file, line: found.line, guessed: false } }
  }
  if (!framework || framework === 'ws') return undefined
  return { port: ownPorts[framework] ?? 3000, from: { file: path, line: 1, guessed: true } }
}

function mainFiles(files: SourceFiles, folder: string, command: string): string[] {
  const named = splitWords(command).filter((word) => /\.([cm]?[jt]s)$/.test(word))
  const sources = named.flatMap((name) => [
    name,
    name.replace(/^(\.\/)?(dist|build|lib|out)\//, 'src/').replace(/\.([cm]?)js$/, '.$1ts'),
  ])
  const usual = ['server', 'index', 'main', 'app'].flatMap((name) => [
    `${name}.js`,
    `${name}.ts`,
    `src/${name}.js`,
    `src/${name}.ts`,
  ])
  return [...new Set([...sources, ...usual])]
    .map((name) => posix.normalize(pathFrom(folder, name)))
    .filter((name) => files.read(name) !== undefined)
}

function findIn(text: string | undefined, pattern: RegExp): { port: number; line: number } | undefined {
  const lines = (text ?? '').split('\n')
  for (const [index, line] of lines.entries()) {
    const match = pattern.exec(line)
    const port = Number(match?.[1] ?? match?.[2] ?? match?.[3])
    if (match && port >= 80 && port <= 65535) return { port, line: index + 1 }
  }
  return undefined
}
