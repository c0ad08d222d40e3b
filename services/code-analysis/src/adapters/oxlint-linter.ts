import { OrchestraError } from '@orchestra/contracts';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { placeForSteps, type ReadOnlyPath } from '@orchestra/adapters/sandbox';
import type { BundledLinter } from '../ports.ts';

const inside = '/opt/orchestra-oxlint/node_modules';

/**
 * Creates the linter of the npm package `oxlint`. It runs in the sandbox like any other: a repository's configuration may
 * name plug-ins of its own.
 *
 * @throws OrchestraError `COMMAND_NOT_FOUND`, not retriable, when the package is not installed
 */
export function createOxlintLinter(): BundledLinter {
  const folder = findPackage('oxlint', import.meta.dirname);
  const readOnlyPaths = [{ from: folder, to: `${inside}/oxlint` }, ...findBindings(folder)];
  const args = ['--format=sarif', '--no-error-on-unmatched-pattern'];
  return {
    name: 'oxlint',
    call: ({ seesHost }) =>
      seesHost
        ? { argv: ['node', join(placeForSteps(readOnlyPaths)[0] ?? folder, 'bin/oxlint'), ...args], readOnlyPaths: [] }
        : { argv: ['node', `${inside}/oxlint/bin/oxlint`, ...args], readOnlyPaths },
  };
}

// As Node looks packages up: in the folders `node_modules` of every folder above.
function findPackage(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) break;
  }
  throw new OrchestraError('COMMAND_NOT_FOUND', `The package ${name} is not installed`);
}

// The native part is a package of its own for each platform; it stands beside the package or below it.
function findBindings(folder: string): ReadOnlyPath[] {
  const scopes = [join(dirname(folder), '@oxlint'), join(folder, 'node_modules/@oxlint')].filter(existsSync);
  return scopes.flatMap((scope) =>
    readdirSync(scope)
      .filter((name) => name.startsWith('binding-'))
      .map((name) => ({ from: realpathSync(join(scope, name)), to: `${inside}/@oxlint/${name}` })),
  );
}
