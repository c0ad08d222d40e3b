import { describe, expect, it } from '@jest/globals';
import {
  addChartService,
  addComposeService,
  addConsumer,
  addDependency,
  addEmbedded,
  addReference,
  addReplay,
  addSettings,
  addSimulated,
} from './house-edits.ts';
import { renderManifest } from './manifest.ts';
import { judgeNewRoom, wordsOf } from './names.ts';

const known = { services: ['build'], topics: ['code_push', 'build_ready'] };

describe('judgeNewRoom', () => {
  it('accepts a new name and a known topic', () => {
    expect(judgeNewRoom({ name: 'cost-report', topic: 'build_ready' }, known)).toEqual([]);
  });

  it.each([
    { when: 'the name is empty', name: '', topic: 'code_push', says: 'is no name' },
    { when: 'the name leaves the folder', name: '../x', topic: 'code_push', says: 'is no name' },
    { when: 'the service exists', name: 'build', topic: 'code_push', says: 'there is a service build already' },
    { when: 'nobody knows the topic', name: 'cost', topic: 'pushed', says: '"pushed" is no topic' },
  ])('refuses when $when', ({ name, topic, says }) => {
    expect(judgeNewRoom({ name, topic }, known)).toEqual([expect.stringContaining(says)]);
  });
});

describe('wordsOf', () => {
  it('says a name in every spelling', () => {
    const words = { pascal: 'CostReport', camel: 'costReport', upper: 'COST_REPORT', kebab: 'cost-report' };

    expect([wordsOf('cost-report'), wordsOf('cost_report').kebab]).toEqual([words, 'cost-report']);
  });
});

describe('addConsumer', () => {
  const text = `# who and what
code_push:
  says: a run begins
  publishers: [gitops]
  consumers: [build, test]
build_ready:
  says: artifacts
  publishers: [build]
  consumers: [test]
`;

  it('adds the service to that topic only, and keeps the comments', () => {
    expect(addConsumer(text, 'build_ready', 'cost')).toBe(text.replace('consumers: [test]', 'consumers: [test, cost]'));
  });

  it('refuses a topic that is not there', () => {
    expect(() => addConsumer(text, 'test_results', 'cost')).toThrow('nothing to extend');
  });
});

describe('addReference', () => {
  it.each(['', '../'])('puts the room behind the last service, in the way of %j', (up) => {
    const paths = ['packages/runtime', 'services/build', 'services/test', 'apps/cli'].map((path) => `${up}${path}`);
    const text = JSON.stringify({ files: [], references: paths.map((path) => ({ path })) });

    const { references } = JSON.parse(addReference(text, 'cost'));

    expect(references[3]).toEqual({ path: `${up}services/cost` });
    expect(references).toHaveLength(5);
  });
});

describe('addComposeService', () => {
  it('adds it behind the last service, before what follows', () => {
    const text = 'name: x\nservices:\n  build:\n    image: b\n\nvolumes:\n  shared:\n';

    const changed = addComposeService(text, 'cost');

    expect(changed).toMatch(/image: b\n\n {2}cost:\n[^]*SERVICE: cost[^]*\n\nvolumes:\n/);
  });
});

describe('addChartService', () => {
  it('adds it behind the last service, before what follows', () => {
    const text = 'services:\n  build: { replicas: 1 }\n\nstorage: {}\n';

    const changed = addChartService(text, 'cost');

    expect(changed).toMatch(/^services:\n {2}build: .*\n {2}cost: { replicas: 1, .*}\n\nstorage/);
  });
});

describe('addReplay', () => {
  it('imports the service and replays it behind the last one', () => {
    const text =
      "import * as test from '@orchestra/test';\n\nconst replays: All = {\n  test: (world) => x,\n};\n\nnext();\n";

    const changed = addReplay(text, 'cost-report');

    expect(changed).toContain("import * as costReport from '@orchestra/cost-report';\n");
    expect(changed).toMatch(/\n {2}test: .*\n {2}'cost-report': .*costReport\.createService.*\n};\n\nnext/);
  });
});

describe('addSettings', () => {
  it('imports the service and names its settings behind the last ones', () => {
    const text =
      "import * as test from '@orchestra/test';\n\nconst settings: All = {\n  test: test.settings,\n};\n\nnext();\n";

    const changed = addSettings(text, 'cost-report');

    expect(changed).toContain("import * as costReport from '@orchestra/cost-report';\n");
    expect(changed).toMatch(/\n {2}test: .*\n {2}'cost-report': costReport\.settings,\n};\n\nnext/);
  });
});

describe('addSimulated', () => {
  it('imports the service and starts it behind the last one', () => {
    const text = "import * as test from '@orchestra/test';\n\n  return {\n    gitops: a(),\n    test: b(),\n  };\n}\n";

    const changed = addSimulated(text, 'cost-report');

    expect(changed).toContain("import * as costReport from '@orchestra/cost-report';\n");
    expect(changed).toMatch(/\n {4}test: .*\n {4}'cost-report': .*costReport\.createService.*\n {2}};\n/);
  });
});

describe('addEmbedded', () => {
  it('imports the service and starts it behind the last one', () => {
    const text = `import * as build from '@orchestra/build';
import * as test from '@orchestra/test';

  const starters = [
    configure('build', () =>
      build.createService(build.createPorts(parseEnv('build', build.settings, env))),
    ),
    configure('test', () => test.createService(test.createPorts(parseEnv('test', test.settings, env)))),
  ];
  if (problems.length > 0) return [];
`;

    const changed = addEmbedded(text, 'cost-report');

    expect(changed).toContain("'@orchestra/test';\nimport * as costReport from '@orchestra/cost-report';\n\n");
    expect(changed).toMatch(/configure\('test'.*\n {4}configure\('cost-report', \(\) => costReport\..*\n {2}\];/);
  });
});

describe('addDependency', () => {
  it('adds the room among the others, and changes nothing else', () => {
    const text = JSON.stringify({ name: 'x', dependencies: { '@orchestra/build': 'workspace:*', zod: '1' }, bin: {} });

    const changed = addDependency(text, 'cost');

    expect(Object.keys(JSON.parse(changed))).toEqual(['name', 'dependencies', 'bin']);
    expect(Object.keys(JSON.parse(changed).dependencies)).toEqual(['@orchestra/build', '@orchestra/cost', 'zod']);
  });
});

describe('renderManifest', () => {
  it('takes the scripts and the door from the other rooms', () => {
    const example = { name: '@orchestra/build', exports: { '.': { source: './src/index.ts' } }, scripts: { dev: 'x' } };

    const manifest = JSON.parse(renderManifest('cost', JSON.stringify(example)));

    expect(manifest).toMatchObject({ name: '@orchestra/cost', scripts: example.scripts, exports: example.exports });
  });
});
