import { OrchestraError } from '@orchestra/runtime';
import { posix } from 'node:path';

const maxPartBytes = 255;

/**
 * Checks a path that somebody else wrote, relative to a root.
 *
 * @returns the path without `./`, double or trailing slashes; empty for the root itself
 * @throws OrchestraError `PATH_OUTSIDE` for an absolute path, `..`, a NUL byte, a backslash or a part over 255 bytes
 */
export function checkPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const isRefused = path.startsWith('/') || /[\0\\]/.test(path) || parts.some(isRefusedPart);
  if (isRefused) throw new OrchestraError('PATH_OUTSIDE', `A path is refused: ${JSON.stringify(path.slice(0, 200))}`);
  return parts.join('/');
}

function isRefusedPart(part: string): boolean {
  return part === '..' || Buffer.byteLength(part) > maxPartBytes;
}

/**
 * Checks where a symbolic link leads. Parts behind a name may not go up: a name can be a link itself, and from where that
 * leads, `..` may leave the root although the text does not.
 *
 * @param path the link's own, checked
 * @throws OrchestraError `PATH_OUTSIDE`
 */
export function checkLink(path: string, target: string): void {
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const isOrderly = !parts.slice(ups === -1 ? parts.length : ups).includes('..');
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  const leaves = target.startsWith('/') || target.includes('\0') || resolved === '..' || resolved.startsWith('../');
  if (!isOrderly || leaves) {
    throw new OrchestraError('PATH_OUTSIDE', `The link ${path} leads outside: ${JSON.stringify(target.slice(0, 200))}`);
  }
}
