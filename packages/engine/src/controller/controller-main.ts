import { enableCompileCache, getCompileCacheDir } from 'node:module'

// What was compiled once is not compiled again, here and in the gateway's processes, which inherit the variable.
enableCompileCache()
const cache = getCompileCacheDir()
if (cache !== undefined) process.env.NODE_COMPILE_CACHE = cache

const { runController } = await import('./run-controller.ts')
await runController()
