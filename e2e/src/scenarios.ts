import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readScenario, type Scenario } from './scenario.ts';

const root = join(import.meta.dirname, '..');

/** The files that every scenario begins with. */
export const base = join(root, 'base');

/** All scenarios, in the order of their numbers. */
export function readScenarios(): Scenario[] {
  const names = readdirSync(root).filter((name) => /^\d\d-/.test(name));
  return names.toSorted().map((name) => readScenario(root, name));
}

/** One scenario by the name of its folder. */
export function named(name: string): Scenario {
  return readScenario(root, name);
}

/** The files that a commit of a scenario changes: its own, those that several scenarios share, or those of the demo. */
export function commitFolder({ folder }: Scenario, name: string): string {
  const places = [join(folder, 'commits'), join(root, 'commits'), join(root, '../apps/cli/sample')];
  const found = places.map((place) => join(place, name)).find((place) => existsSync(place));
  if (found === undefined) throw new Error(`No commit ${name}`);
  return found;
}
