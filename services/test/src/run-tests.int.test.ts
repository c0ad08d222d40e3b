import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ended } from '@orchestra/runtime';
import { aBuildReady, aPlan, aRun, createMemoryArtifacts, packFiles, receive } from '@orchestra/testkit';
import { copyJest, ensurePytest } from '@orchestra/testkit/neighbours';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

const artifacts = createMemoryArtifacts();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tests-'));
  await chmod(folder, 0o711);
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const passing = "import { it } from 'node:test'; it('adds', () => {}); it.skip('waits', () => {});";
const failing = "import { it } from 'node:test'; it('divides', () => { throw new Error('by zero'); });";

describe('the runner of Node', () => {
  it('gives its counts and failures', async () => {
    const result = await runTests({ source: { 'a.test.mjs': passing, 'b.test.mjs': failing } });

    expect(result).toMatchObject({
      status: 'failure',
      reason: 'tests_failed',
      events: [{ data: { outcome: 'FAILURE', framework: 'node', passed: 1, failed: 1, skipped: 1 } }],
      notes: [],
    });
    expect(result.slice?.report?.failures).toMatchObject([
      { name: 'divides', file: 'b.test.mjs', message: expect.stringContaining('by zero') },
    ]);
    expect(await readdir(join(folder, 'workspaces'))).toEqual([]);
  });

  it.each(['npm test', '[npm, test]', 'cd . && node --test'])('gives them also behind %s', async (command) => {
    const source = { 'package.json': '{"scripts": {"test": "node --test"}}', 'a.test.mjs': passing };

    expect(await runTests({ source, sections: `testing: {framework: node, command: ${command}}` })).toMatchObject({
      status: 'success',
      events: [{ data: { passed: 1, failed: 0, skipped: 1 } }],
    });
  });

  it('writes the report that the file names, also into a folder that is not there', async () => {
    const sections = 'testing: {framework: node, report: out/junit.xml}';

    expect(await runTests({ source: { 'a.test.mjs': passing }, sections })).toMatchObject({ status: 'success' });
  });

  it('counts a file that cannot be loaded as failed', async () => {
    expect(await runTests({ source: { 'a.test.mjs': 'this is no code' } })).toMatchObject({
      status: 'failure',
      events: [{ data: { failed: 1 } }],
    });
  });

  it('does not pass without tests', async () => {
    expect(await runTests({ source: { 'a.mjs': '' } })).toMatchObject({ status: 'failure', reason: 'no_tests' });
  });

  it('sees what was built', async () => {
    const reads = `import { it } from 'node:test'; import fs from 'node:fs';
      it('is built', () => { fs.readFileSync('dist/made'); });`;

    expect(await runTests({ source: { 'a.test.mjs': reads } })).toMatchObject({ status: 'failure' });
    expect(await runTests({ source: { 'a.test.mjs': reads }, built: { 'dist/made': '' } })).toMatchObject({
      status: 'success',
    });
  });

  it('calls flaky what fails and then passes in the same workspace', async () => {
    const flaky = `import { it } from 'node:test'; import fs from 'node:fs';
      it('adds', () => {});
      it('wobbles', () => { const seen = fs.existsSync('seen'); fs.writeFileSync('seen', ''); if (!seen) throw new Error('first'); });`;

    expect(await runTests({ source: { 'a.test.mjs': flaky }, sections: 'testing: {retry_failed: 1}' })).toMatchObject({
      status: 'success',
      events: [{ data: { passed: 1, failed: 0, flaky: 1 } }],
    });
  });
});

describe('jest', () => {
  // The jest of this repository, where the user inside the sandbox can read it; the workspace only leads there.
  let tools: string;
  let base: string;
  beforeAll(async () => {
    tools = await mkdtemp(join(tmpdir(), 'jest-'));
    await chmod(tools, 0o755);
    await copyJest(tools);
    base = join(tools, 'workspace');
    await mkdir(join(base, 'node_modules/.bin'), { recursive: true });
    const script = `#!/bin/sh\nexec ${tools}/node_modules/.bin/jest "$@"\n`;
    await writeFile(join(base, 'node_modules/.bin/jest'), script, { mode: 0o755 });
  });
  afterAll(async () => rm(tools, { recursive: true }));

  const tests =
    "it('adds', () => {}); it('divides', () => { throw new Error('by zero'); }); it.skip('waits', () => {});";

  const manifest = '{"scripts": {"test": "jest"}}';

  it.each(['', ', command: npm test', ', command: "cd . && node_modules/.bin/jest"'])(
    'gives its own report with {framework: jest%s}',
    async (command) => {
      const result = await runTests({
        source: { 'a.test.js': tests, 'package.json': manifest },
        base,
        tools,
        sections: `testing: {framework: jest${command}}`,
      });

      expect(result).toMatchObject({
        status: 'failure',
        reason: 'tests_failed',
        events: [{ data: { framework: 'jest', passed: 1, failed: 1, skipped: 1 } }],
      });
      expect(result.slice?.report?.failures).toMatchObject([
        { name: 'divides', file: 'a.test.js', message: expect.stringContaining('by zero') },
      ]);
    },
  );

  it('passes when its tests do', async () => {
    const source = { 'a.test.js': "it('adds', () => {});", 'package.json': manifest };

    expect(await runTests({ source, base, tools, sections: 'testing: {framework: jest}' })).toMatchObject({
      status: 'success',
      events: [{ data: { passed: 1, failed: 0 } }],
    });
  });

  it('is said to be missing where the repository does not have it', async () => {
    expect(await runTests({ source: { file: '' }, sections: 'testing: {framework: jest}' })).toMatchObject({
      status: 'error',
      reason: 'tool_not_installed',
    });
  });
});

// Takes its options as pytest does and writes what pytest writes, where there is no Python.
const standIn = `for word in $PYTEST_ADDOPTS; do case "$word" in --junitxml=*) out="\${word#--junitxml=}";; esac; done
failed=0
cases=$(for file in test_*.py; do for name in $(sed -n 's/^def \\(test_[a-z]*\\).*/\\1/p' "$file"); do
  echo "<testcase classname='\${file%.py}' name='$name' file='$file'>"
  ! grep -A1 "def $name" "$file" | grep -q 'raise' || echo "<failure message='by zero'>by zero</failure>"
  echo '</testcase>'
done; done)
echo "<testsuites><testsuite>$cases</testsuite></testsuites>" > "$out"
case "$cases" in *failure*) exit 1;; esac`;

testPytest('a stand-in', {
  packages: undefined,
  more: { 'pytest.sh': standIn },
  commands: [', command: sh pytest.sh'],
});

const pytest = await ensurePytest();
if (pytest !== null) {
  testPytest('PyPI', { packages: pytest, more: {}, commands: ['', ', command: python3 -m pytest'] });
}

interface Pytest {
  /** A folder of Python packages. */
  packages: string | undefined;
  more: Record<string, string>;
  commands: readonly string[];
}

function testPytest(origin: string, { packages, more, commands }: Pytest): void {
  describe.each(commands)(`pytest of ${origin} with {framework: pytest%s}`, (command) => {
    const sections = `testing: {framework: pytest${command}}`;
    const adds = 'def test_adds():\n    assert 1 + 1 == 2\n';

    it('gives its own report', async () => {
      expect(await runTests({ source: { ...more, 'test_a.py': adds }, base: packages, sections })).toMatchObject({
        status: 'success',
        events: [{ data: { framework: 'pytest', passed: 1, failed: 0 } }],
      });
    });

    it('names what failed', async () => {
      const divides = "def test_divides():\n    raise ValueError('by zero')\n";
      const source = { ...more, 'test_a.py': adds, 'test_b.py': divides };

      const result = await runTests({ source, base: packages, sections });

      expect(result).toMatchObject({
        status: 'failure',
        reason: 'tests_failed',
        events: [{ data: { passed: 1, failed: 1 } }],
      });
      expect(result.slice?.report?.failures).toMatchObject([
        { name: 'test_b › test_divides', file: 'test_b.py', message: expect.stringContaining('by zero') },
      ]);
    });
  });
}

describe('a command', () => {
  it.each([
    ['exit 0', 'success', 'no_report'],
    ['exit 4', 'failure', 'command_failed'],
    ['sleep 60', 'timed_out', 'test_time_limit'],
  ])('that says %s is %s: %s', async (command, status, reason) => {
    const sections = `testing: {command: "${command}", timeout_seconds: 1}`;

    expect(await runTests({ source: { file: '' }, sections })).toMatchObject({ status, reason });
  });

  it('has its JUnit file and its coverage read', async () => {
    const script = `echo '<testsuite><testcase name="a"/></testsuite>' > j.xml; printf 'SF:a\\nDA:1,1\\n' > lcov.info`;
    const sections = 'testing: {command: sh t.sh, report: j.xml, coverage: lcov.info}';

    expect(await runTests({ source: { 't.sh': script }, sections })).toMatchObject({
      status: 'success',
      events: [{ data: { passed: 1, lineCoveragePercent: 100 } }],
    });
  });

  it.each([
    ['a report of the repository', 'true', 'error', 'report_missing'],
    ['a file of the host', 'ln -s /etc/passwd j.xml', 'error', 'report_refused'],
    ['a pipe', 'mkfifo j.xml', 'error', 'report_refused'],
    ['a report that somebody cut', "echo '<testsuites><testcase' > j.xml", 'error', 'report_unreadable'],
  ])('cannot pass off %s as its own', async (_what, script, status, reason) => {
    const source = { 'j.xml': '<testsuite><testcase name="a"/></testsuite>', 't.sh': script };

    expect(await runTests({ source, sections: 'testing: {command: sh t.sh, report: j.xml}' })).toMatchObject({
      status,
      reason,
    });
  });

  it('has coverage from outside refused', async () => {
    const sections = 'testing: {command: "ln -s /etc/passwd lcov.info", coverage: lcov.info}';

    expect(await runTests({ source: { file: '' }, sections })).toMatchObject({
      message: expect.stringContaining('lcov.info leads out of the workspace'),
      events: [{ data: { lineCoveragePercent: null } }],
    });
  });
});

interface Given {
  source: Record<string, string>;
  /** A folder whose content is source too. */
  base?: string | undefined;
  /** What the build made. */
  built?: Record<string, string>;
  /** A folder outside of the workspace that commands may read. */
  tools?: string;
  sections?: string;
}

async function runTests({ source, base, built, tools = '', sections = '' }: Given): Promise<Ended<'test'>> {
  const { digest: snapshotDigest } = await artifacts.put(await packFiles(source, base));
  const { digest, sizeBytes } = await artifacts.put(await packFiles(built ?? {}));
  const artifact = { name: 'shop', kind: 'ARCHIVE', digest, sizeBytes, reference: null } as const;
  const nothing = { planDigest: null, baseCommit: null, changedFiles: null, problems: [], warnings: [], licenses: [] };
  const { PATH } = process.env;
  const env = { PATH, WORKSPACES_DIR: join(folder, 'workspaces'), SANDBOX_TOOLS: tools };
  const ports = createPorts(settings.parse(env));
  const result = await receive(createService(ports), {
    topic: 'build_ready',
    data: aBuildReady({ artifacts: built === undefined ? [] : [artifact] }),
    plan: aPlan(sections),
    artifacts,
    run: { slices: { ...aRun().slices, gitops: { source: { ...nothing, snapshotDigest } } } },
  });
  if (result?.kind !== 'end') throw new Error('the job did not end');
  return result;
}
