import { z } from 'zod';

const manifest = z.looseObject({ scripts: z.record(z.string(), z.string()), exports: z.unknown() });

/** The package.json of a new room, with the scripts and the door of a room that is there. */
export function renderManifest(name: string, example: string): string {
  const { scripts, exports } = manifest.parse(JSON.parse(example));
  const written = {
    name: `@orchestra/${name}`,
    version: '0.1.0',
    private: true,
    license: 'Apache-2.0',
    type: 'module',
    exports,
    scripts,
    dependencies: {
      '@orchestra/backends': 'workspace:*',
      '@orchestra/contracts': 'workspace:*',
      '@orchestra/runtime': 'workspace:*',
      zod: 'catalog:',
    },
    devDependencies: {
      '@jest/globals': 'catalog:',
      '@orchestra/testkit': 'workspace:*',
      'fast-check': 'catalog:',
    },
  };
  return `${JSON.stringify(written, null, 2)}\n`;
}
