import { posix } from 'node:path';
import type { CommitCopy } from '@orchestra/adapters/git';
import type { Plan, Problem, SourceSlice } from '@orchestra/contracts';
import { decideLicenses } from './decide-licenses.ts';
import { parseNpmLockfile } from './parse-lockfile.ts';

export interface LicenseAudit {
  /** Denied and unknown ones, denied first, at most 100. */
  licenses: SourceSlice['licenses'];
  denied: number;
  /** What is denied, a problem for each lockfile. */
  problems: Problem[];
  /** What could not be judged. */
  warnings: Problem[];
}

const lockfileLimit = 33_554_432;
const lockfilesLimit = 20;
const shown = 100;
const otherLockfiles = ['pnpm-lock.yaml', 'yarn.lock', 'poetry.lock', 'go.sum', 'Cargo.lock', 'Gemfile.lock'];

/** Judges the licences that the npm lockfiles of the commit name, in any folder. Without a policy in the file nothing is judged. */
export async function auditLicenses(copy: CommitCopy, policy: Plan['licenses']): Promise<LicenseAudit> {
  if (policy.deny.length === 0 && policy.allow.length === 0) return audited([]);

  const paths = [...copy.entries.keys()].filter((path) => !path.split('/').includes('node_modules'));
  const silent = paths.filter((path) => otherLockfiles.includes(posix.basename(path)));
  const lockfiles = paths.filter((path) => posix.basename(path) === 'package-lock.json');
  // One after the other: a lockfile may be large.
  const judged: Judged[] = [];
  for (const path of lockfiles.slice(0, lockfilesLimit)) judged.push(await judgeLockfile(copy, path, policy));
  return audited(judged, [
    ...silent.map((path) => told(path, 'names no licences, so those of its packages are unknown')),
    ...lockfiles
      .slice(lockfilesLimit)
      .map((path) => told(path, `is not judged, as there are more than ${lockfilesLimit}`)),
  ]);
}

interface Judged {
  licenses: SourceSlice['licenses'];
  problems: Problem[];
  warnings: Problem[];
}

async function judgeLockfile(copy: CommitCopy, path: string, policy: Plan['licenses']): Promise<Judged> {
  const text = await copy.readText(path, lockfileLimit);
  const packages = text === null ? null : parseNpmLockfile(text);
  if (packages === null) {
    return { licenses: [], problems: [], warnings: [told(path, 'is not an npm lockfile of version 2 or 3')] };
  }
  const licenses = decideLicenses(packages, policy);
  const denied = licenses.filter(({ verdict }) => verdict === 'denied');
  const unknown = licenses.length - denied.length;
  return {
    licenses,
    problems: denied.length === 0 ? [] : [told(path, `has ${denied.length} with a denied licence: ${namesOf(denied)}`)],
    warnings: unknown === 0 ? [] : [told(path, `has ${unknown} packages with an unknown licence`)],
  };
}

function audited(judged: readonly Judged[], unjudged: readonly Problem[] = []): LicenseAudit {
  const all = judged.flatMap(({ licenses }) => licenses);
  const denied = all.filter(({ verdict }) => verdict === 'denied');
  const unknown = all.filter(({ verdict }) => verdict !== 'denied');
  return {
    licenses: [...denied, ...unknown].slice(0, shown),
    denied: denied.length,
    problems: judged.flatMap(({ problems }) => problems),
    warnings: [...unjudged, ...judged.flatMap(({ warnings }) => warnings)],
  };
}

function namesOf(licenses: SourceSlice['licenses']): string {
  const names = licenses.map(({ name, version, license }) => `${name}@${version} (${license})`);
  return names.slice(0, 10).join(', ');
}

// The policy stands in the pipeline file, what breaks it in the lockfile.
function told(lockfile: string, message: string): Problem {
  return { path: 'licenses', line: 1, column: 1, message: `${lockfile} ${message}`, suggestion: null, frame: '' };
}
