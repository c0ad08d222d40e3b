import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unpackArchive, usualUnpackLimits } from '@orchestra/adapters/archive';
import type { Plan, RunState, SourceSlice } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { aContext, createMemoryArtifacts } from '@orchestra/testkit';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { concludeFetch, fetchSource } from './fetch-source.ts';

let folder: string;
let origin: string;
let artifacts: ReturnType<typeof createMemoryArtifacts>;

const pipeline = 'project: { name: shop }\nbuild: { tool: command, command: "true" }\n';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestra-gitops-test-'));
  origin = join(folder, 'origin');
  artifacts = createMemoryArtifacts();
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', origin]);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...argv: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', origin, ...identity, ...argv], { encoding: 'utf8' }).trim();
}

function commit(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(origin, name)), { recursive: true });
    writeFileSync(join(origin, name), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'A change');
  return git('rev-parse', 'HEAD');
}

async function read(run: Partial<RunState>): Promise<Ended<'gitops'>> {
  const ports = createPorts(
    settings.parse({
      GITHUB_WEBHOOK_SECRET: 's',
      REPOSITORIES: 'acme/shop',
      GIT_PROTOCOLS: 'file',
      GITOPS_WORK_DIR: join(folder, 'work'),
      PATH: process.env['PATH'],
    }),
  );
  const around = { run: { cloneUrl: `file://${origin}`, ...run }, artifacts };
  return fetchSource(aContext('gitops', around), ports);
}

function sourceOf(ended: Ended<'gitops'>): SourceSlice {
  const source = ended.slice?.source;
  if (source === undefined || source === null) throw new Error('the slice has no source');
  return source;
}

describe('fetchSource', () => {
  it('keeps plan and snapshot of exactly the commit, and says what changed', async () => {
    const before = commit({ 'devops_orchestra.yaml': pipeline, 'a.txt': '1\n' });
    const asked = commit({ 'a.txt': '1\n2\n', 'bin/run': '#!/bin/sh\n' });
    commit({ 'a.txt': 'later\n' });

    const ended = await read({ commit: asked, before, sequence: 7 });

    const { planDigest, snapshotDigest } = sourceOf(ended);
    const changedFiles = [
      { path: 'a.txt', addedLines: 1, deletedLines: 0 },
      { path: 'bin/run', addedLines: 1, deletedLines: 0 },
    ];
    expect(ended.status).toBe('success');
    expect(ended.events).toMatchObject([
      {
        topic: 'code_push',
        data: { outcome: 'SUCCESS', number: 7, baseCommit: before, changedFiles, planDigest, snapshotDigest },
      },
    ]);
    const plan: Plan = JSON.parse((await artifacts.read(planDigest ?? '', 1_000_000)).toString());
    expect(plan.project.name).toBe('shop');
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);
    await unpackArchive(await artifacts.open(snapshotDigest ?? ''), unpacked, usualUnpackLimits);
    expect(await readFile(join(unpacked, 'a.txt'), 'utf8')).toBe('1\n2\n');
    expect((await readdir(unpacked)).toSorted()).toEqual(['a.txt', 'bin', 'devops_orchestra.yaml']);
    expect(await readdir(join(folder, 'work'))).toEqual([]);
  });

  it('reads the SLO file beside the pipeline file, and refuses one that cannot be judged', async () => {
    const file = `${pipeline}deployment: { services: [{ name: web, command: x, port: 80 }] }\n`;
    const good = commit({
      'devops_orchestra.yaml': file,
      'slo.yaml': "objectives: [{sli: latency_ms, pass: [{criteria: ['<300']}]}]\n",
    });
    const bad = commit({ 'slo.yaml': 'objectives: [{sli: response_time_p95}]\n' });

    const judged = await read({ commit: good });
    const refused = await read({ commit: bad });

    const plan: Plan = JSON.parse((await artifacts.read(sourceOf(judged).planDigest ?? '', 1_000_000)).toString());
    expect(plan.observability.judgement?.objectives?.objectives).toMatchObject([{ metric: 'latency_ms' }]);
    expect(refused.status).toBe('failure');
    expect(sourceOf(refused).problems[0]?.message).toContain('slo.yaml: Nothing measures `response_time_p95`');
  });

  it('tells what it made of the pipeline file and of the licences, on which facts and why', async () => {
    const ended = await read({ commit: commit({ 'devops_orchestra.yaml': pipeline }) });
    const refused = await read({ commit: commit({ 'devops_orchestra.yaml': 'project: 1\n' }) });

    expect(ended.decided).toMatchObject([
      { what: 'plan decided', reason: 'file_valid', facts: { kind: 'run', branch: 'main' } },
      { what: 'licences judged', reason: 'nothing_denied', facts: { denied: 0, unknown: 0 } },
    ]);
    expect(refused.decided).toMatchObject([
      {
        what: 'plan decided',
        reason: 'pipeline_file_invalid',
        facts: { kind: 'refuse', problems: [expect.any(String)] },
      },
    ]);
  });

  it('gives the same commit the same digests', async () => {
    const asked = commit({ 'devops_orchestra.yaml': pipeline });

    const first = sourceOf(await read({ commit: asked }));
    const second = sourceOf(await read({ commit: asked }));

    expect(second).toEqual(first);
  });

  it('sets the deadline of the run and the units that it consists of', async () => {
    const ended = await read({ commit: commit({ 'devops_orchestra.yaml': pipeline }) });

    expect(ended.plan?.units.map(({ unit }) => unit)).toContain('test');
    expect(ended.timers).toMatchObject([{ task: 'deadline', delayMs: ended.plan?.deadlineMs, unit: null }]);
  });

  it.each([
    { what: 'a wrong file', files: { 'devops_orchestra.yaml': 'projekt: 1\n' }, reason: 'pipeline_file_invalid' },
    {
      what: 'a file of 70 KiB',
      files: { 'devops_orchestra.yaml': '#'.repeat(70_000) },
      reason: 'pipeline_file_invalid',
    },
    {
      what: 'an alias bomb',
      files: { 'devops_orchestra.yaml': 'a: &a [x, x]\nb: [*a, *a]\n' },
      reason: 'pipeline_file_invalid',
    },
    { what: 'no file', files: { 'a.txt': '' }, reason: 'pipeline_file_missing' },
  ])('refuses a commit with $what, with every problem and no snapshot', async ({ files, reason }) => {
    const ended = await read({ commit: commit(files) });

    expect(ended).toMatchObject({
      status: 'failure',
      reason,
      message: expect.stringMatching(/^devops_orchestra\.yaml:\d+:\d+: /),
    });
    expect(ended.events).toMatchObject([
      { data: { outcome: 'FAILURE', reason, snapshotDigest: null, planDigest: null } },
    ]);
    expect(sourceOf(ended).problems.length).toBeGreaterThan(0);
    expect(ended.plan?.units.map(({ unit }) => unit)).toEqual(expect.arrayContaining(['build', 'test']));
  });

  it.each(['/etc/passwd', '../../../../etc/passwd', '/proc/self/environ', 'other.yaml'])(
    'does not follow a pipeline file that is a link to %s',
    async (target) => {
      symlinkSync(target, join(origin, 'devops_orchestra.yaml'));

      const ended = await read({ commit: commit({ 'other.yaml': pipeline }) });

      expect(ended).toMatchObject({ status: 'failure', reason: 'pipeline_file_invalid' });
    },
  );

  it('does nothing for a branch that the file does not select, and disturbs nobody', async () => {
    const asked = commit({ 'devops_orchestra.yaml': `${pipeline}triggers: { branches: ["release/*"] }\n` });

    const ended = await read({ commit: asked, branch: 'main' });

    expect(ended).toMatchObject({ status: 'not_needed', reason: 'branch_not_selected', events: [] });
    expect(ended.plan?.units.map(({ unit }) => unit)).toEqual(['gitops']);
  });

  it('refuses a denied licence by name and lockfile, in any folder, and says what it cannot judge', async () => {
    const lock = {
      lockfileVersion: 3,
      packages: { 'node_modules/evil': { version: '1.0.0', license: 'GPL-3.0-only' } },
    };
    const asked = commit({
      'devops_orchestra.yaml': `${pipeline}licenses: { deny: [GPL-3.0-only] }\n`,
      'web/package-lock.json': JSON.stringify(lock),
      'web/node_modules/x/package-lock.json': '{}',
      'pnpm-lock.yaml': 'lockfileVersion: 9.0\n',
    });

    const ended = await read({ commit: asked });

    expect(ended).toMatchObject({
      status: 'failure',
      reason: 'license_denied',
      message: 'web/package-lock.json has 1 with a denied licence: evil@1.0.0 (GPL-3.0-only)',
    });
    expect(sourceOf(ended).licenses).toMatchObject([{ name: 'evil', verdict: 'denied' }]);
    expect(sourceOf(ended).warnings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('pnpm-lock.yaml'),
    );
  });

  it('treats a long list of changes as unknown', async () => {
    const before = commit({ 'devops_orchestra.yaml': pipeline });
    const many = Array.from({ length: 900 }, (_, index) => [`folder/${'x'.repeat(20)}-${index}.txt`, 'x\n']);

    const ended = await read({ commit: commit(Object.fromEntries(many)), before });

    expect(ended.events).toMatchObject([{ data: { changedFiles: null, baseCommit: before } }]);
  });

  it('says that a commit is missing', async () => {
    await expect(read({ commit: 'c'.repeat(40) })).rejects.toMatchObject({ code: 'GIT_COMMIT_MISSING' });
  });
});

describe('concludeFetch', () => {
  it('begins the run with its end, so that every stage ends', () => {
    const conclusion = { status: 'error', reason: 'git_commit_missing', message: 'No such commit' } as const;

    const ended = concludeFetch(conclusion, aContext('gitops'));

    expect(ended).toMatchObject({
      status: 'error',
      reason: 'git_commit_missing',
      events: [{ data: { outcome: 'ERROR', snapshotDigest: null } }],
    });
    expect(ended.plan?.units.map(({ unit }) => unit)).toContain('build');
  });

  it('keeps the units of a run that had a plan', () => {
    const planned = {
      unit: 'deploy/production/shop',
      service: 'deploy',
      after: [],
      gate: null,
      gateDeadlineMs: 1,
    } as const;
    const conclusion = { status: 'cancelled', reason: 'cancelled_by_person', message: 'Cancelled' } as const;

    const ended = concludeFetch(conclusion, aContext('gitops', { run: { plannedUnits: [planned] } }));

    expect(ended.plan?.units).toEqual([planned]);
  });
});
