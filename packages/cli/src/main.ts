#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// What was compiled once is not compiled again: half of a short command's time. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
enableCompileCache()

const { runCommandLine } = await import('./command-line.ts')
const { systemIo } = await import('./io.ts')
process.exitCode = await runCommandLine(process.argv.slice(2), systemIo())
