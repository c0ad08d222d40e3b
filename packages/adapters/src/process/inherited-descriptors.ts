import { openSync, readdirSync, readFileSync } from 'node:fs';
import type { IOType } from 'node:child_process';

const closeOnExec = 0o2000000;
const highest = 1_023;

/**
 * Covers the descriptors from 4 on that this process got from its own parent: Node opens everything close-on-exec, but what
 * was open before it began would go on to every child. Those are replaced by /dev/null, because Node cannot close them there.
 *
 * @returns entries for `stdio`, from index 4
 */
export function coverInherited(): readonly (IOType | number)[] {
  covered ??= createCover(findInherited());
  return covered;
}

// What was inherited never grows while the process lives.
let covered: readonly (IOType | number)[] | undefined;

function createCover(inherited: readonly number[]): (IOType | number)[] {
  if (inherited.length === 0) return [];
  const devNull = openSync('/dev/null', 'r+');
  const last = Math.max(...inherited);
  return Array.from({ length: last - 3 }, (_, index) => (inherited.includes(index + 4) ? devNull : 'ignore'));
}

function findInherited(): number[] {
  return listDescriptors().filter((descriptor) => descriptor > 3 && descriptor <= highest && isInherited(descriptor));
}

function listDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fdinfo').map(Number);
  } catch {
    return []; // not Linux
  }
}

function isInherited(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'));
    return flags?.[1] !== undefined && (Number.parseInt(flags[1], 8) & closeOnExec) === 0;
  } catch {
    return false; // closed meanwhile: it was the one that listed them
  }
}
