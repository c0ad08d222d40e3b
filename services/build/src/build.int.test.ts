import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unpackArchive, usualUnpackLimits } from '@orchestra/adapters/archive';
import type { Ended } from '@orchestra/runtime';
import { aCodePush, aPlan, createMemoryArtifacts, packFiles, receive } from '@orchestra/testkit';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

const artifacts = createMemoryArtifacts();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-'));
  await chmod(folder, 0o711);
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('a real build', () => {
  it('runs npm in the sandbox and keeps what it made', async () => {
    const build = `node -e "fs.mkdirSync('dist'); fs.writeFileSync('dist/made', process.version)"`;

    const result = await runBuild({
      files: { 'package.json': JSON.stringify({ name: 'shop', scripts: { build } }), 'dist.txt': 'source' },
      sections: 'build: {output: [dist]}',
    });

    expect(result).toMatchObject({ status: 'success', notes: [] });
    expect(await madeBy(result)).toEqual({ made: process.version });
    expect(await readdir(join(folder, 'workspaces'))).toEqual([]);
  });

  it('runs a command in its folder', async () => {
    const result = await runBuild({
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
    expect(await runBuild({ files: { file: '' }, sections })).toMatchObject({ status, reason });
  });
});

describe.each(['docker', 'buildah'] as const)('an image by %s', (program) => {
  const digest = `sha256:${'e'.repeat(64)}`;

  it('is built from the given Dockerfile, tagged by commit, and named by digest', async () => {
    await install(
      program,
      `case "$*" in *inspect*) echo 1234;; *) while [ $# -gt 0 ]; do [ "$1" = --iidfile ] && echo ${digest} > "$2"; shift; done;; esac`,
    );

    const result = await runBuild({
      files: { Dockerfile: 'FROM scratch' },
      sections: `build: {tool: ${program}, image: acme/shop}`,
    });

    expect(result).toMatchObject({ status: 'success' });
    expect(result.slice?.result?.artifacts).toEqual([
      {
        name: 'shop',
        kind: 'IMAGE',
        digest,
        reference: `acme/shop@${digest}`,
        sizeBytes: program === 'docker' ? 1234 : 0,
      },
    ]);
    expect(await calls()).toContain('--tag acme/shop:aaaaaaaaaaaa --file');
  });

  it('is built from a template where there is no Dockerfile', async () => {
    await install(
      program,
      `while [ $# -gt 1 ]; do [ "$1" = --iidfile ] && echo ${digest} > "$2"; [ "$1" = --file ] && cat "$2" > ${folder}/used; shift; done`,
    );

    await runBuild({ files: { 'package.json': '{}' }, sections: `build: {tool: ${program}}` });

    expect(await readFile(join(folder, 'used'), 'utf8')).toMatch(/^# Written by DevOps Orchestra[^]*FROM node/);
  });

  it('is pushed where the settings say so, and has the digest of the registry', async () => {
    await install(
      program,
      `while [ $# -gt 0 ]; do case "$1" in --metadata-file) echo '{"containerimage.digest": "${digest}"}' > "$2";; --digestfile) echo ${digest} > "$2";; esac; shift; done`,
    );

    const result = await runBuild({
      files: { Dockerfile: 'FROM scratch' },
      sections: `build: {tool: ${program}, image: acme/shop}`,
      env: { IMAGE_PUSH: 'true' },
    });

    expect(result.slice?.result?.artifacts).toMatchObject([{ digest, reference: `acme/shop@${digest}` }]);
    expect(await calls()).toMatch(program === 'docker' ? /buildx build --push/ : /push --digestfile/);
  });

  it('is a failure when the program fails, and trouble of ours when it does not say what it made', async () => {
    const given = { files: { Dockerfile: 'FROM scratch' }, sections: `build: {tool: ${program}}` };

    await install(program, 'exit 1');
    expect(await runBuild(given)).toMatchObject({ status: 'failure', reason: 'command_failed' });

    await install(program, 'exit 0');
    await expect(runBuild(given)).rejects.toMatchObject({ code: 'COMMAND_FAILED', retriable: true });
  });
});

// A fake program that notes its arguments, first on PATH.
async function install(program: string, script: string): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'bin', program), `#!/bin/sh\necho "$*" >> ${folder}/calls\n${script}\n`, {
    mode: 0o755,
  });
}

async function calls(): Promise<string> {
  return readFile(join(folder, 'calls'), 'utf8');
}

interface Given {
  files: Record<string, string>;
  sections: string;
  env?: Record<string, string>;
}

async function runBuild({ files, sections, env = {} }: Given): Promise<Ended<'build'>> {
  const { digest: snapshotDigest } = await artifacts.put(await packFiles(files));
  const PATH = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  const ports = createPorts(settings.parse({ PATH, WORKSPACES_DIR: join(folder, 'workspaces'), ...env }));
  const data = aCodePush({ snapshotDigest });
  const result = await receive(createService(ports), { topic: 'code_push', data, plan: aPlan(sections), artifacts });
  if (result?.kind !== 'end') throw new Error('the job did not end');
  return result;
}

async function madeBy(result: Ended<'build'>): Promise<Record<string, string>> {
  const target = join(folder, 'made');
  await mkdir(target);
  const digest = result.slice?.result?.artifacts[0]?.digest ?? '';
  await unpackArchive(await artifacts.open(digest), target, usualUnpackLimits);
  const names = await readdir(join(target, 'dist'));
  const texts = await Promise.all(names.map((name) => readFile(join(target, 'dist', name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
