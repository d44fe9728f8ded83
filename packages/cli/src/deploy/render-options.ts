import { Problem } from '@seaworthy/model'
import type { RenderOptions } from '@seaworthy/render'
import { type Arguments, textOption } from '../command.ts'

/** Images as the command line gives them: `--set-image`, `--registry`, `--tag`. Throws SW9003. */
export function renderOptionsOf(args: Arguments): RenderOptions {
  const registry = textOption(args, 'registry')
  const tag = textOption(args, 'tag')
  return { images: imagesOf(args), ...(registry !== undefined && { registry }), ...(tag !== undefined && { tag }) }
}

function imagesOf(args: Arguments): Record<string, string> {
  const given = args.values['set-image']
  const pairs = Array.isArray(given) ? given : given === undefined ? [] : [given]
  return Object.fromEntries(
    pairs.map((pair) => {
      const [service, ...image] = String(pair).split('=')
      if (!service || image.length === 0)
        throw new Problem({
          code: 'SW9003',
          message: `--set-image ${String(pair)} is no SERVICE=IMAGE`,
          hint: 'Write it as --set-image api=registry.example.com/api@sha256:...',
        })
      return [service, image.join('=')]
    }),
  )
}
