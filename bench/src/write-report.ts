import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from './benchmark.ts';
import type { Machine } from './describe-machine.ts';
import { isKept } from './render-report.ts';

/** Keeps all that was measured as JSON in `bench/results`, which is not committed. Returns the file. */
export async function writeReport(name: string, report: Report, machine: Machine): Promise<string> {
  const folder = join(import.meta.dirname, '..', 'results');
  await mkdir(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = join(folder, `${name}-${at.replaceAll(':', '-')}.json`);
  const targets = report.targets.map((target) => ({ ...target, kept: isKept(target) }));
  const text = JSON.stringify({ benchmark: name, at, machine, ...report, targets }, null, 2);
  await writeFile(file, `${text}\n`);
  return file;
}
