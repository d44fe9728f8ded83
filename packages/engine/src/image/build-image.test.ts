import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBlobStore } from './blob-store.ts'
import { buildImage, type Image, type ImageSpec } from './build-image.ts'
import { emptyDirectory, textFile } from './image-file.ts'
import { nodeService } from './node-service.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-image-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const store = (name = 'store'): ReturnType<typeof openBlobStore> => openBlobStore(join(folder, name))
const small: ImageSpec = {
  reference: 'shop/api:1',
  architecture: 'amd64',
  layers: [
    { note: 'one', files: [textFile('/etc/name', 'one'), emptyDirectory('/tmp', 0o1777)] },
    { note: 'two', files: [textFile('/app/main.ts', 'console.log(1)')] },
  ],
  run: { user: '65532:65532', entrypoint: ['/bin/x'], env: { B: '2', A: '1' }, ports: ['80/tcp'] },
}

/** A small service with a dependency, a development dependency, a link and something to ignore. */
async function writeService(at: string): Promise<string> {
  const files: Record<string, string> = {
    'package.json': '{"name":"api","type":"module","dependencies":{"left":"1"},"devDependencies":{"dev":"1"}}',
    'main.ts': "import { left } from 'left'\nconsole.log(JSON.stringify({ uid: process.getuid?.(), left }))\n",
    'main.test.ts': 'throw new Error()',
    '.dockerignore': '**/*.test.ts\n',
    '.env': 'TOKEN=secret',
    'node_modules/left/package.json': '{"name":"left","main":"index.js","dependencies":{"right":"1"}}',
    'node_modules/left/index.js': "module.exports = { left: require('right') }",
    'node_modules/left/node_modules/right/package.json': '{"name":"right"}',
    'node_modules/left/node_modules/right/index.js': "module.exports = 'right'",
    'node_modules/dev/package.json': '{"name":"dev"}',
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(at, name, '..'), { recursive: true })
    await writeFile(join(at, name), text)
  }
  await symlink('main.ts', join(at, 'start.ts'))
  return at
}

async function bytesOf(image: Image): Promise<string[]> {
  const sums: string[] = []
  for (const format of ['oci-archive', 'docker-archive'] as const) {
    await image.write(join(folder, format), format)
    sums.push(sha256(await readFile(join(folder, format))))
  }
  return sums
}

describe('an image', () => {
  it.each(['none', 'gzip', 'zstd'] as const)(
    'is the same bytes from another folder and an empty store, packed by %s',
    async (compression) => {
      const first = await writeService(join(folder, 'here'))
      const second = join(folder, 'somewhere', 'else')
      await cp(first, second, { recursive: true, verbatimSymlinks: true })
      // Rights that a umask or a checkout changes, and times, must not show.
      await chmod(join(second, 'main.ts'), 0o600)
      const service = async (at: string): Promise<ImageSpec> => {
        const { layers, ...rest } = await nodeService({
          reference: 'api:1',
          folder: at,
          entry: 'main.ts',
          node: '/bin/true',
        })
        return { ...rest, compression, layers }
      }
      const one = await buildImage(await service(first), { store: store('a') })
      const two = await buildImage(await service(second), { store: store('b') })
      expect(two.digest).toBe(one.digest)
      expect(await bytesOf(two)).toEqual(await bytesOf(one))
    },
  )

  it('changes its digest with one byte of content, one bit of rights, or one setting', async () => {
    const build = async (change: Partial<ImageSpec>): Promise<string> =>
      (await buildImage({ ...small, ...change }, { store: store() })).digest
    const layer = (mode: number, text: string): Partial<ImageSpec> => ({
      layers: [{ note: 'n', files: [textFile('/a', text, mode)] }],
    })
    const digests = await Promise.all([
      build({}),
      build(layer(0o644, 'x')),
      build(layer(0o644, 'y')),
      build(layer(0o645, 'x')),
      build({ run: { ...small.run, user: '1' } }),
      build({ created: new Date(1000) }),
    ])
    expect(new Set(digests).size).toBe(digests.length)
  })

  it('does not depend on the order in which files and variables are named', async () => {
    const turned = {
      ...small,
      layers: small.layers.map((layer) => ({ ...layer, files: [...layer.files].reverse() })),
      run: { ...small.run, env: { A: '1', B: '2' } },
    }
    const one = await buildImage(small, { store: store('a') })
    expect((await buildImage(turned, { store: store('b') })).digest).toBe(one.digest)
  })

  it('is a layout in which every blob has the digest and size that its referrer states', async () => {
    const image = await buildImage({ ...small, compression: 'gzip' }, { store: store() })
    await image.write(join(folder, 'layout'), 'oci-layout')
    const blob = (digest: string): Promise<Buffer> =>
      readFile(join(folder, 'layout', 'blobs', digest.replace(':', '/')))
    const index = JSON.parse(await readFile(join(folder, 'layout', 'index.json'), 'utf8'))
    expect(index.manifests[0].digest).toBe(image.digest)
    const manifest = JSON.parse((await blob(image.digest)).toString())
    for (const { digest, size } of [index.manifests[0], manifest.config, ...manifest.layers]) {
      const bytes = await blob(digest)
      expect([`sha256:${sha256(bytes)}`, bytes.byteLength]).toEqual([digest, size])
    }
    const config = JSON.parse((await blob(manifest.config.digest)).toString())
    expect(config.rootfs.diff_ids).toEqual(image.layers.map(({ diffId }) => diffId))
    expect(config.config).toMatchObject({ User: '65532:65532', Env: ['A=1', 'B=2'], ExposedPorts: { '80/tcp': {} } })
    expect(await readdir(join(folder, 'layout', 'blobs', 'sha256'))).toHaveLength(4)
  })

  it('packs an unchanged layer once', async () => {
    const blobs = store()
    let packed = 0
    const counting = {
      ...blobs,
      layer: (...args: Parameters<typeof blobs.layer>) =>
        blobs.layer(args[0], (target) => {
          packed += 1
          return args[1](target)
        }),
    }
    await buildImage(small, { store: counting })
    expect(packed).toBe(2)
    await buildImage(
      { ...small, layers: [...small.layers, { note: 'three', files: [textFile('/b', '')] }] },
      { store: counting },
    )
    expect(packed).toBe(3)
  })

  it('refuses to write a cached layer whose bytes have changed, and packs it again', async () => {
    const blobs = store()
    const image = await buildImage(small, { store: blobs })
    const path = join(folder, 'store', 'blobs', image.layers[0]?.digest.slice(7) ?? '')
    const bytes = await readFile(path)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(image.write(join(folder, 'out'), 'oci-archive')).rejects.toMatchObject({ code: 'SW6710' })
    expect(await readdir(folder)).not.toContain('out')
    await (await buildImage(small, { store: blobs })).write(join(folder, 'out'), 'oci-archive')
    await truncate(path, 3)
    expect((await buildImage(small, { store: blobs })).digest).toBe(image.digest)
  })

  it.each([
    ['a relative path', [textFile('a', '')]],
    ['a path that leads up', [textFile('/a/../b', '')]],
    ['one path twice', [textFile('/a', '1'), textFile('/a', '2')]],
    ['a file below a file', [textFile('/a', '1'), textFile('/a/b', '2')]],
  ])('is refused with %s', async (_, files) => {
    const spec = { ...small, layers: [{ note: 'n', files }] }
    await expect(buildImage(spec, { store: store() })).rejects.toMatchObject({ code: 'SW6703' })
  })
})

describe.skipIf(process.platform !== 'linux')('the image of a Node service', () => {
  it('holds production dependencies and the service, without tests, development dependencies and secrets', async () => {
    const at = await writeService(join(folder, 'api'))
    const spec = await nodeService({ reference: 'api:1', folder: at, entry: 'main.ts' })
    const paths = spec.layers.slice(1).flatMap(({ files }) => files.map(({ path }) => path))
    expect(paths.filter((path) => path.endsWith('s')).sort()).toEqual([
      '/app/main.ts',
      '/app/node_modules/left/index.js',
      '/app/node_modules/left/node_modules/right/index.js',
      '/app/start.ts',
    ])
    expect(paths.some((path) => /dev|\.env|test/.test(path))).toBe(false)
    expect(spec.run).toMatchObject({ user: '65532:65532', workingDirectory: '/app' })
  })

  it('names the dependency that is not installed', async () => {
    const at = await writeService(join(folder, 'api'))
    await rm(join(at, 'node_modules/left/node_modules'), { recursive: true })
    await expect(nodeService({ reference: 'api:1', folder: at, entry: 'main.ts' })).rejects.toMatchObject({
      code: 'SW6707',
      message: expect.stringContaining('right'),
    })
  })

  it.skipIf(process.getuid?.() !== 0)('starts with nothing of the machine around it, as its own user', async () => {
    const at = await writeService(join(folder, 'api'))
    const image = await buildImage(
      { ...(await nodeService({ reference: 'api:1', folder: at, entry: 'main.ts' })), compression: 'none' },
      { store: store() },
    )
    await image.write(join(folder, 'api.tar'), 'docker-archive')
    const root = join(folder, 'root')
    await mkdir(root)
    execFileSync('tar', ['-xf', join(folder, 'api.tar'), '-C', folder])
    for (const { diffId } of image.layers)
      execFileSync('tar', ['-xf', join(folder, `${diffId.slice(7)}.tar`), '-C', root])
    const { config } = JSON.parse(image.config)
    const said = spawnSync('/usr/sbin/chroot', ['--userspec=65532:65532', root, ...config.Entrypoint], {
      env: {},
      encoding: 'utf8',
    })
    expect([said.stdout, said.stderr]).toEqual(['{"uid":65532,"left":"right"}\n', ''])
  })
})

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

describe('an archive is understood', () => {
  const cases = (['none', 'gzip', 'zstd'] as const).flatMap((compression) =>
    (['oci-archive', 'docker-archive', 'oci-layout'] as const).map((format) => ({ compression, format })),
  )

  it.skipIf(!has('skopeo')).each(cases)('by skopeo: $format with $compression', async ({ compression, format }) => {
    const image = await buildImage({ ...small, compression }, { store: store() })
    const path = join(folder, 'image')
    await image.write(path, format)
    const transport = { 'oci-archive': 'oci-archive', 'docker-archive': 'docker-archive', 'oci-layout': 'oci' }[format]
    const target = join(folder, 'copy')
    execFileSync('skopeo', ['--insecure-policy', 'copy', '--quiet', `${transport}:${path}`, `dir:${target}`])
    const config = execFileSync('skopeo', ['inspect', '--config', `dir:${target}`], { encoding: 'utf8' })
    expect(JSON.parse(config)).toMatchObject({ architecture: 'amd64', config: { User: '65532:65532' } })
    if (format !== 'docker-archive') {
      expect(JSON.parse(execFileSync('skopeo', ['inspect', `dir:${target}`], { encoding: 'utf8' })).Digest).toBe(
        image.digest,
      )
    }
  })

  const loads = cases.filter(({ format }) => format !== 'oci-layout')
  it.skipIf(!has('podman')).each(loads)(
    'by podman load: $format with $compression',
    async ({ compression, format }) => {
      const image = await buildImage({ ...small, compression }, { store: store() })
      await image.write(join(folder, 'image'), format)
      const podman = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs']
      const said = execFileSync('podman', [...podman, 'load', '--quiet', '--input', join(folder, 'image')], {
        encoding: 'utf8',
      })
      expect(said).toContain('docker.io/shop/api:1')
      const id = execFileSync('podman', [...podman, 'inspect', '--format', '{{.Id}}', 'docker.io/shop/api:1'], {
        encoding: 'utf8',
      })
      expect(id.trim()).toBe(sha256(Buffer.from(image.config)))
    },
  )
})
