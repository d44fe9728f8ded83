export { baseFiles, type ImageUser, nonRoot } from './base-files.ts'
export { type BlobStore, defaultStoreDirectory, openBlobStore, type StoredLayer } from './blob-store.ts'
export {
  type BuildOptions,
  buildImage,
  type Image,
  type ImageLayer,
  type ImageSpec,
  type LayerSpec,
} from './build-image.ts'
export type { Compression } from './compression.ts'
export type { Digest } from './digest.ts'
export { type FolderOptions, folderFiles } from './folder-files.ts'
export { type IgnoreRule, parseIgnore } from './ignore.ts'
export type { Architecture, RunSettings } from './image-config.ts'
export { emptyDirectory, type FileSource, type ImageFile, textFile } from './image-file.ts'
export { type NodeServiceOptions, nodeService } from './node-service.ts'
export { type NodeSystemOptions, nodePath, nodeSystem } from './node-system.ts'
export { type ImageProblemCode, imageProblemCodes } from './problem-codes.ts'
export { type ProductionPackages, productionPackages } from './production-packages.ts'
export { formatReference, type ImageReference, parseReference } from './reference.ts'
export { type ExecutableNeeds, executableNeeds, type SharedLibrary } from './shared-libraries.ts'
export type { ArchiveFormat } from './write-image.ts'
