import { describe, expect, it } from '@jest/globals';
import { deployedServices } from './deployed-services.ts';
import { embeddedServices } from './embedded-services.ts';
import { equalScripts } from './equal-scripts.ts';
import { fileNames } from './file-names.ts';
import { countLines, fileSizes } from './file-sizes.ts';
import { handlers } from './handlers.ts';
import { importTable, listImports } from './import-table.ts';
import { references } from './references.ts';
import { roomFiles } from './room-files.ts';
import { renderPages, topicTables } from './topic-tables.ts';
import { treeOf, type Rule } from './tree.ts';

const readme = `# build
## Does
## Listens
<!-- listens -->
<!-- /listens -->
## Publishes
<!-- publishes -->
<!-- /publishes -->
## Decides
## Settings
## Fails like this
`;

const room = {
  'services/build/README.md': readme,
  'services/build/package.json': '{ "exports": { ".": { "source": "./src/index.ts" } }, "scripts": { "dev": "x" } }',
  'services/build/tsconfig.json': '{}',
  'services/build/src/main.ts': '',
  'services/build/src/service.ts': "on: { code_push: handleCodePush, rollback_event: { kind: 'arms' } }",
  'services/build/src/service.test.ts': '',
  'services/build/src/ports.ts': '',
  'services/build/src/create-ports.ts': '',
  'services/build/src/config.ts': '',
  'services/build/src/index.ts': '',
  'services/build/src/decide-tool.ts': '',
  'services/build/src/decide-tool.test.ts': '',
  'services/build/src/handle-code-push.ts': '',
  'schemas/topics.yaml': `
code_push: { says: a run begins, publishers: [gitops], consumers: [build] }
build_ready: { says: artifacts, publishers: [build], consumers: [test, gitops] }
rollback_event: { says: what was restored, publishers: [rollback], consumers: [build] }
`,
  'schemas/events/code_push.avsc': '{}',
  'schemas/events/build_ready.avsc': '{}',
  'schemas/events/rollback_event.avsc': '{}',
  'compose.yaml': 'services: { build: {} }',
  'deploy/chart/values.yaml': 'services: { build: {} }',
  'apps/cli/src/up/start-services.ts': "import * as build from '@orchestra/build';",
  'tsconfig.json': '{ "references": [{ "path": "services/build" }] }',
};

type Change = Record<string, string | null>;

/** What a rule says about the good room with some files changed, added (text) or removed (null). */
function judge(rule: Rule, change: Change = {}): string[] {
  const texts = Object.entries({ ...room, ...change }).filter((entry): entry is [string, string] => entry[1] !== null);
  return rule(treeOf(Object.fromEntries(texts)));
}

describe('a room of the right shape', () => {
  const rules = {
    roomFiles,
    equalScripts,
    handlers,
    importTable,
    fileNames,
    fileSizes,
    deployedServices,
    embeddedServices,
    references,
  };

  it.each(Object.entries(rules))('passes %s', (_name, rule) => {
    expect(judge(rule)).toEqual([]);
  });
});

describe('a room of another shape', () => {
  it.each<{ when: string; rule: Rule; change: Change; says: string }>([
    {
      when: 'a mandatory file is missing',
      rule: roomFiles,
      change: { 'services/build/src/ports.ts': null },
      says: 'services/build/src/ports.ts: is missing',
    },
    {
      when: 'a section of the README is missing',
      rule: roomFiles,
      change: { 'services/build/README.md': readme.replace('## Decides\n', '') },
      says: 'its sections are',
    },
    {
      when: 'nothing is decided purely',
      rule: roomFiles,
      change: { 'services/build/src/decide-tool.ts': null },
      says: 'has no decide*.ts',
    },
    {
      when: 'a decision has no test',
      rule: roomFiles,
      change: { 'services/build/src/decide-tool.test.ts': null },
      says: 'decide-tool.ts: has no test beside it',
    },
    {
      when: 'the scripts of two services differ',
      rule: equalScripts,
      change: { 'services/test/package.json': '{ "scripts": { "dev": "y" } }' },
      says: 'services/test/package.json: its scripts differ',
    },
    {
      when: 'a handler for a consumed topic is missing',
      rule: handlers,
      change: { 'services/build/src/handle-code-push.ts': null },
      says: 'handle-code-push.ts: is missing',
    },
    {
      when: 'a reaction has no handler of its own',
      rule: handlers,
      change: { 'services/build/src/service.ts': "on: { rollback_event: { kind: 'reaction', handle: () => {} } }" },
      says: 'handle-rollback-event.ts: is missing',
    },
    {
      when: 'a handler is for a topic of others',
      rule: handlers,
      change: { 'services/build/src/handle-build-ready.ts': '' },
      says: 'handle-build-ready.ts: build does not consume this topic',
    },
    {
      when: 'a topic has no schema',
      rule: handlers,
      change: { 'schemas/events/build_ready.avsc': null },
      says: 'schemas/events/build_ready.avsc: is missing',
    },
    {
      when: 'a schema has no topic',
      rule: handlers,
      change: { 'schemas/events/build_done.avsc': '{}' },
      says: 'is no topic of topics.yaml',
    },
    {
      when: 'a service imports another',
      rule: importTable,
      change: { 'services/build/src/decide-tool.ts': "import { x } from '@orchestra/deploy';" },
      says: 'may not import @orchestra/deploy',
    },
    {
      when: 'a backend is imported outside of main.ts',
      rule: importTable,
      change: { 'services/build/src/service.ts': "import { x } from '@orchestra/backends/kafka';" },
      says: 'may not import @orchestra/backends/kafka',
    },
    {
      when: 'a relative import leaves the room',
      rule: importTable,
      change: { 'services/build/src/ports.ts': "import { x } from '../../test/src/ports.ts';" },
      says: 'leaves the room',
    },
    {
      when: 'a file is a drawer',
      rule: fileNames,
      change: { 'services/build/src/utils.ts': '' },
      says: '"utils" says nothing about what is inside',
    },
    {
      when: 'an index.ts is no door',
      rule: fileNames,
      change: { 'services/build/src/adapters/index.ts': '' },
      says: 'is no door of its package',
    },
    {
      when: 'a file is too long',
      rule: fileSizes,
      change: { 'services/build/src/ports.ts': 'const a = 1;\n'.repeat(251) },
      says: 'has 251 lines',
    },
    {
      when: 'compose.yaml does not know the service',
      rule: deployedServices,
      change: { 'compose.yaml': 'services: {}' },
      says: 'compose.yaml: has no service build',
    },
    {
      when: 'the chart does not know the service',
      rule: deployedServices,
      change: { 'deploy/chart/values.yaml': 'services: {}' },
      says: 'values.yaml: has no service build',
    },
    {
      when: 'the embedded form does not start it',
      rule: embeddedServices,
      change: { 'apps/cli/src/up/start-services.ts': '' },
      says: 'does not start build',
    },
    {
      when: 'nothing builds it',
      rule: references,
      change: { 'tsconfig.json': '{ "references": [] }' },
      says: 'does not refer to services/build',
    },
  ])('is refused when $when', ({ rule, change, says }) => {
    expect(judge(rule, change)).toEqual([expect.stringContaining(says)]);
  });
});

describe('handlers', () => {
  it.each([
    "{ kind: 'arms' }",
    "{ kind: 'follow' }",
    "{ kind: 'input', input: ({ data }) => ({ unit: data.unit }) }",
    "obeyRetries('build')",
  ])('lets the card give a topic wholly to the runtime: %s', (entry) => {
    const card = `on: { rollback_event: ${entry}, code_push: { kind: 'stage' } }`;

    expect(judge(handlers, { 'services/build/src/service.ts': card })).toEqual([]);
  });
});

describe('importTable', () => {
  it('lets main.ts add backends, and tests add testkit', () => {
    const change = {
      'services/build/src/main.ts': "import { x } from '@orchestra/backends/kafka';",
      'services/build/src/service.test.ts': "import { y } from '@orchestra/testkit';",
    };

    expect(judge(importTable, change)).toEqual([]);
  });

  it('sees static, type-only, bare and dynamic imports, and no comments', () => {
    const text = `import type { A } from 'a';\nexport * from 'b';\nimport 'c';\nawait import('d');\n// from 'e'\n`;

    expect(listImports(text)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('topicTables', () => {
  it('refuses a README whose table differs, and accepts it once rendered', () => {
    const before = judge(topicTables);
    const pages = renderPages(treeOf(room));

    const after = judge(topicTables, Object.fromEntries(pages.map(({ path, text }) => [path, text])));

    expect(before).toHaveLength(2);
    expect(after).toEqual([]);
  });

  it('tells who sends what the service hears, and who hears what it sends', () => {
    const text = renderPages(treeOf(room)).find(({ path }) => path === 'services/build/README.md')?.text;

    expect(text).toContain('| `code_push` | gitops | a run begins |');
    expect(text).toContain('| `build_ready` | test, gitops | artifacts |');
  });

  it('demands the markers between which it writes', () => {
    const change = { 'services/build/README.md': readme.replace('<!-- listens -->\n', '') };

    expect(judge(topicTables, change)).toContainEqual(expect.stringContaining('has no <!-- listens -->'));
  });
});

describe('countLines', () => {
  it('counts lines with code on them', () => {
    expect(countLines('// why\n\nconst a = 1;\n/** what\n * more\n */\nconst b = 2;\n')).toBe(2);
  });
});
