import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unpackArchive, usualUnpackLimits } from '@orchestra/adapters/archive';
import { runProgram } from '@orchestra/adapters/process';
import type { Ended } from '@orchestra/runtime';
import { aCodePush, aPlan, createMemoryArtifacts, packFiles, receive } from '@orchestra/testkit';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

let yard: BuildYard;

beforeEach(async () => {
  yard = await openBuildYard();
});
afterEach(async () => yard.close());

describe('a real build', () => {
  it('runs npm in the sandbox and keeps what it made', async () => {
    const build = `node -e "fs.mkdirSync('dist'); fs.writeFileSync('dist/made', process.version)"`;

    const result = await yard.build({
      files: { 'package.json': JSON.stringify({ name: 'shop', scripts: { build } }), 'dist.txt': 'source' },
      sections: 'build: {output: [dist]}',
    });

    expect(result).toMatchObject({ status: 'success', notes: [] });
    expect(await madeBy(result)).toEqual({ made: process.version });
    expect(await readdir(join(yard.folder, 'workspaces'))).toEqual([]);
  });

  it('runs a command in its folder', async () => {
    const result = await yard.build({
      files: { 'app/input': 'text' },
      sections: 'build: {command: "tr a-z A-Z < input > ../dist", context: app, output: [dist]}',
    });

    expect(result).toMatchObject({ status: 'success' });
  });

  it.each([
    ['a command that fails', 'build: {command: "exit 3"}', 'failure', 'command_failed'],
    ['a program that does not exist', 'build: {command: [no-such-program]}', 'error', 'tool_not_installed'],
    ['a build that hangs', 'build: {command: "sleep 60", timeout_seconds: 1}', 'timed_out', 'build_time_limit'],
    ['a folder that is not there', 'build: {command: ["true"], context: app}', 'failure', 'no_context'],
    ['an output that leads out', 'build: {command: "ln -s /etc dist", output: [dist]}', 'failure', 'output_refused'],
    [
      'a link to outside in the output',
      'build: {command: "mkdir dist; ln -s /etc dist/x", output: [dist]}',
      'failure',
      'output_refused',
    ],
  ])('tells %s', async (_what, sections, status, reason) => {
    expect(await yard.build({ files: { file: '' }, sections })).toMatchObject({ status, reason });
  });
});

const programs = ['docker', 'buildah'] as const;
const known = `sha256:${'e'.repeat(64)}`;
const writesDigest = `while [ $# -gt 0 ]; do [ "$1" = --iidfile ] && echo ${known} > "$2"; shift; done`;
// The part of the program that the cases rely on: it reads the Dockerfile, and fails when it cannot do what stands there.
const standIn = `case "$*" in *inspect*) echo 1234; exit 0;; esac
  for context in "$@"; do :; done
  for file in $(sed -n 's/^COPY \\([^ ]*\\) .*/\\1/p' "$context/Dockerfile"); do [ -e "$context/$file" ] || exit 125; done
  ${writesDigest}`;

// A client whose engine does not run is no program that builds.
const isWorking = (program: string): boolean => spawnSync(program, ['info'], { timeout: 20_000 }).status === 0;

const candidates = [
  ...programs.map((program) => ({ name: `a stand-in for ${program}`, program, isReal: false })),
  ...programs.filter(isWorking).map((program) => ({ name: program, program, isReal: true })),
];

describe.each(candidates)('an image by $name', ({ program, isReal }) => {
  const image = `orchestra-test/${process.pid}-${isReal}`;
  const sections = `build: {tool: ${program}, image: ${image}}`;
  const env = { HOME: homedir() };
  const tag = `${image}:aaaaaaaaaaaa`;

  beforeEach(async () => {
    if (!isReal) await yard.install(program, standIn);
  });

  it('is built from the given Dockerfile and named by digest', async () => {
    const files = { Dockerfile: 'FROM scratch\nCOPY made /made\n', made: 'by a test' };

    const result = await yard.build({ files, sections, env });

    expect(result).toMatchObject({ status: 'success' });
    const [artifact, ...more] = result.slice?.result?.artifacts ?? [];
    expect(more).toEqual([]);
    expect(artifact).toMatchObject({
      name: 'shop',
      kind: 'IMAGE',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    // It is on this host only, where its id names it.
    expect(artifact?.reference).toBe(artifact?.digest);
    expect(isReal ? await takeImage(program, artifact?.reference ?? '', tag) : '').toBe(isReal ? 'a'.repeat(40) : '');
  });

  it('is a failure when the program fails', async () => {
    const files = { Dockerfile: 'FROM scratch\nCOPY missing /made\n' };

    expect(await yard.build({ files, sections, env })).toMatchObject({ status: 'failure', reason: 'command_failed' });
  });
});

describe.each(programs)('an image by a program in place of %s', (program) => {
  it('is tagged by commit', async () => {
    await yard.install(program, standIn);

    await yard.build({
      files: { Dockerfile: 'FROM scratch' },
      sections: `build: {tool: ${program}, image: acme/shop}`,
    });

    expect(await yard.calls()).toContain('--tag acme/shop:aaaaaaaaaaaa --file');
  });

  it('is built from a template where there is no Dockerfile', async () => {
    await yard.install(
      program,
      `while [ $# -gt 1 ]; do [ "$1" = --iidfile ] && echo ${known} > "$2"; [ "$1" = --file ] && cat "$2" > ${yard.folder}/used; shift; done`,
    );

    await yard.build({ files: { 'package.json': '{}' }, sections: `build: {tool: ${program}}` });

    const used = await readFile(join(yard.folder, 'used'), 'utf8');
    expect(used).toMatch(/^# Written by DevOps Orchestra[^]*FROM docker\.io\/library\/node/);
  });

  it('is pushed where the settings say so, and has the digest of the registry', async () => {
    await yard.install(
      program,
      `while [ $# -gt 0 ]; do case "$1" in --metadata-file) echo '{"containerimage.digest": "${known}"}' > "$2";; --digestfile) echo ${known} > "$2";; esac; shift; done`,
    );

    const result = await yard.build({
      files: { Dockerfile: 'FROM scratch' },
      sections: `build: {tool: ${program}, image: acme/shop}`,
      env: { IMAGE_PUSH: 'true' },
    });

    expect(result.slice?.result?.artifacts).toMatchObject([{ digest: known, reference: `acme/shop@${known}` }]);
    expect(await yard.calls()).toMatch(program === 'docker' ? /buildx build --push/ : /push --digestfile/);
  });

  it('is trouble of ours when the program does not say what it made', async () => {
    await yard.install(program, 'exit 0');

    const given = { files: { Dockerfile: 'FROM scratch' }, sections: `build: {tool: ${program}}` };
    await expect(yard.build(given)).rejects.toMatchObject({ code: 'COMMAND_FAILED', retriable: true });

    const once = { ...given, sections: `build: {tool: ${program}, attempts: 1}` };
    await expect(yard.build(once)).rejects.toMatchObject({ code: 'COMMAND_FAILED', retriable: false });
  });
});

// What the program itself says about the image of a reference; then the image is removed.
async function takeImage(program: 'docker' | 'buildah', reference: string, tag: string): Promise<string> {
  const run = async (args: readonly string[]) =>
    runProgram(program, args, { cwd: '/', env: { HOME: homedir() }, timeoutMs: 30_000 });
  const label = 'org.opencontainers.image.revision';
  const inspect = {
    docker: ['image', 'inspect', '--format', `{{index .Config.Labels "${label}"}}`, reference],
    buildah: ['inspect', '--type', 'image', '--format', `{{index .OCIv1.Config.Labels "${label}"}}`, reference],
  };
  const { stdout } = await run(inspect[program]);
  const { exitCode } = await run([
    program === 'docker' ? 'image' : 'rmi',
    ...(program === 'docker' ? ['rm'] : []),
    tag,
  ]);
  return exitCode === 0 ? stdout.trim() : 'The image is not known by its tag';
}

interface BuildOrder {
  files: Record<string, string>;
  /** Sections of the pipeline file, as YAML. */
  sections: string;
  env?: Record<string, string>;
}

// A place where the service builds for real, with programs of ours first on its PATH.
interface BuildYard {
  folder: string;
  artifacts: ReturnType<typeof createMemoryArtifacts>;
  build(order: BuildOrder): Promise<Ended<'build'>>;
  /** Puts a script in place of a program; it notes its arguments before it begins. */
  install(program: string, script: string): Promise<void>;
  /** The arguments of all calls of installed scripts. */
  calls(): Promise<string>;
  close(): Promise<void>;
}

async function openBuildYard(): Promise<BuildYard> {
  const artifacts = createMemoryArtifacts();
  const folder = await mkdtemp(join(tmpdir(), 'build-'));
  await chmod(folder, 0o711);
  const bin = join(folder, 'bin');

  return {
    folder,
    artifacts,
    async build({ files, sections, env = {} }) {
      const { digest: snapshotDigest } = await artifacts.put(await packFiles(files));
      const PATH = [bin, process.env['PATH'] ?? ''].join(delimiter);
      const ports = createPorts(settings.parse({ PATH, WORKSPACES_DIR: join(folder, 'workspaces'), ...env }));
      const data = aCodePush({ snapshotDigest });
      const result = await receive(createService(ports), {
        topic: 'code_push',
        data,
        plan: aPlan(sections),
        artifacts,
      });
      if (result?.kind !== 'end') throw new Error('the job did not end');
      return result;
    },
    async install(program, script) {
      await mkdir(bin, { recursive: true });
      const text = `#!/bin/sh\necho "$*" >> ${folder}/calls\n${script}\n`;
      await writeFile(join(bin, program), text, { mode: 0o755 });
    },
    calls: async () => readFile(join(folder, 'calls'), 'utf8'),
    close: async () => rm(folder, { recursive: true, force: true }),
  };
}

async function madeBy(result: Ended<'build'>): Promise<Record<string, string>> {
  const target = join(yard.folder, 'made');
  await mkdir(target);
  const digest = result.slice?.result?.artifacts[0]?.digest ?? '';
  await unpackArchive(await yard.artifacts.open(digest), target, usualUnpackLimits);
  const names = await readdir(join(target, 'dist'));
  const texts = await Promise.all(names.map((name) => readFile(join(target, 'dist', name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
