import { z } from 'zod';
import type { LockedPackage } from './decide-licenses.ts';

const lockfile = z.object({
  lockfileVersion: z.number(),
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      license: z.unknown().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

/**
 * Reads the packages of an npm lockfile, version 2 or 3. Null: it is none. Linked workspaces are the repository's own.
 *
 * @see npm documentation, "package-lock.json"
 */
export function parseNpmLockfile(text: string): LockedPackage[] | null {
  const read = lockfile.safeParse(readJson(text));
  if (!read.success || read.data.lockfileVersion < 2) return null;
  return Object.entries(read.data.packages).flatMap(([path, entry]): LockedPackage[] => {
    const at = path.lastIndexOf('node_modules/');
    if (at === -1 || entry.link === true) return [];
    const name = entry.name ?? path.slice(at + 'node_modules/'.length);
    return [{ name, version: entry.version ?? '', license: licenseOf(entry.license) }];
  });
}

// Old packages write an object; npm itself writes "UNLICENSED" and "SEE LICENSE IN …", which are no known licence.
function licenseOf(license: unknown): string | null {
  return typeof license === 'string' && license !== '' && !license.startsWith('SEE ') ? license : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
