import type { CommitCopy } from '@orchestra/adapters/git';
import type { Plan, Problem, SourceSlice } from '@orchestra/contracts';
import { decideLicenses } from './decide-licenses.ts';
import { parseNpmLockfile } from './parse-lockfile.ts';

export interface LicenseAudit {
  /** Denied and unknown ones, denied first, at most 100. */
  licenses: SourceSlice['licenses'];
  denied: number;
  /** What could not be judged. */
  warnings: Problem[];
}

const lockfileLimit = 33_554_432;
const shown = 100;
const otherLockfiles = ['pnpm-lock.yaml', 'yarn.lock', 'poetry.lock', 'go.sum', 'Cargo.lock', 'Gemfile.lock'];

/** Judges the licences that lockfiles of the commit name. Without a policy in the file nothing is judged. */
export async function auditLicenses(copy: CommitCopy, policy: Plan['licenses']): Promise<LicenseAudit> {
  if (policy.deny.length === 0 && policy.allow.length === 0) return { licenses: [], denied: 0, warnings: [] };

  const silent = otherLockfiles.filter((path) => copy.entries.has(path));
  const warnings = silent.map((path) => warning(`${path} names no licences, so those of its packages are unknown`));
  const text = await copy.readText('package-lock.json', lockfileLimit);
  if (text === null) return { licenses: [], denied: 0, warnings };

  const packages = parseNpmLockfile(text);
  if (packages === null) {
    return { licenses: [], denied: 0, warnings: [...warnings, warning('package-lock.json is not of version 2 or 3')] };
  }
  const licenses = decideLicenses(packages, policy);
  const denied = licenses.filter(({ verdict }) => verdict === 'denied').length;
  const unknown = licenses.length - denied;
  const told = unknown === 0 ? [] : [warning(`${unknown} packages of package-lock.json have an unknown licence`)];
  return { licenses: licenses.slice(0, shown), denied, warnings: [...warnings, ...told] };
}

function warning(message: string): Problem {
  return { path: 'licenses', line: 1, column: 1, message, suggestion: null, frame: '' };
}
