import { enableCompileCache, getCompileCacheDir } from 'node:module'

// What was compiled once is not compiled again, here and in the gateway's processes, which inherit the variable.
enableCompileCache()
const cache = getCompileCacheDir()
if (cache !== undefined) process.env.NODE_COMPILE_CACHE = cache

const [{ runController }, { controllerExtensions }] = await Promise.all([
  import('@seaworthy/engine'),
  import('./controller-extensions.ts'),
])
await runController(controllerExtensions)
