export { packFolder, type PackOptions } from './pack-folder.ts';
export { unpackArchive, usualUnpackLimits, type UnpackLimits } from './unpack-archive.ts';
export { listNames } from './list-names.ts';
export { readInside, resolveInside } from './read-inside.ts';
export { removeInside } from './remove-inside.ts';
