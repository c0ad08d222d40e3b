import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runProgram } from './run-program.ts';

interface Ran {
  code: number | null;
  data: string;
  progress: string;
}

async function orchestra(args: string[], input = ''): Promise<Ran> {
  const ran: Ran = { code: null, data: '', progress: '' };
  await runProgram(args, {
    environment: {},
    print: (text) => void (ran.data += text),
    say: (line) => void (ran.progress += `${line}\n`),
    readInput: () => Promise.resolve(input),
    finish: (code) => void (ran.code = code),
  });
  return ran;
}

const valid = 'project: {name: x}\nsecrets: {}\n';
const invalid = 'project: {nme: x}\n';

describe('orchestra validate', () => {
  it('accepts a valid file and shows its warnings', async () => {
    const ran = await orchestra(['validate', '-'], valid);

    expect(ran.code).toBe(0);
    expect(ran.data).toContain('standard input:2:1: warning: `secrets` has no effect');
    expect(ran.progress).toBe('standard input: valid, 1 warning\n');
  });

  it('ends with 3 for an invalid file, after all of its problems', async () => {
    const ran = await orchestra(['validate', '-'], invalid);

    expect(ran.code).toBe(3);
    expect(ran.data.match(/: error: /g)).toHaveLength(2);
    expect(ran.progress).toBe('standard input: 2 problems, 0 warnings\n');
  });

  it('reads a file by its name', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    const file = join(folder.path, 'devops_orchestra.yaml');
    await writeFile(file, invalid);

    const ran = await orchestra(['validate', file]);

    expect(ran.code).toBe(3);
    expect(ran.data).toContain(`${file}:1:11: error: Unknown key \`nme\``);
  });

  it('reads the SLO file that lies beside it', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    const file = join(folder.path, 'devops_orchestra.yaml');
    await writeFile(file, 'project: {name: x}\ndeployment: {services: [{name: a, port: 1, command: x}]}\n');
    await writeFile(join(folder.path, 'slo.yaml'), 'objectives: [{sli: latency}]\n');

    const ran = await orchestra(['validate', file]);

    expect(ran.code).toBe(3);
    expect(ran.data).toContain('slo.yaml: Nothing measures `latency`');
  });

  it('prints one JSON document, and nothing else on the standard output', async () => {
    const ran = await orchestra(['validate', '-', '--json'], invalid);

    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.data)).toMatchObject({ ok: false, warnings: [], problems: [{ line: 1 }, { line: 1 }] });
  });

  it('prints which service will do what, and keeps warnings out of it', async () => {
    const ran = await orchestra(['validate', '--explain', '-'], valid);

    expect(ran.data).toMatch(/^gitops .*\nbuild /);
    expect(ran.data).not.toContain('warning');
    expect(ran.progress).toContain('warning: `secrets`');
  });

  it('explains in JSON, with the plan', async () => {
    const ran = await orchestra(['validate', '--explain', '--json', '-'], valid);

    const { ok, plan, explanation } = JSON.parse(ran.data);
    expect({ ok, plan }).toMatchObject({ ok: true, plan: { project: { name: 'x' } } });
    expect(explanation[1]).toMatchObject({ service: 'build', unit: 'build', after: ['gitops'] });
  });

  it('shows problems, not an explanation, of an invalid file', async () => {
    const ran = await orchestra(['validate', '--explain', '-'], invalid);

    expect(ran.data).toContain('error: Unknown key');
  });

  it.each([[[]], [['--json']]])('ends with 1 where there is no file, with %j', async (options) => {
    const ran = await orchestra(['validate', '/nowhere/devops_orchestra.yaml', ...options]);

    expect(ran.code).toBe(1);
    expect(`${ran.data}${ran.progress}`).toContain('cannot be read');
  });
});

describe('orchestra', () => {
  it('shows its commands', async () => {
    const ran = await orchestra(['--help']);

    expect(ran.code).toBe(0);
    expect(ran.data).toContain('validate');
  });

  it.each([['nonsense'], ['validate', '--nonsense']])('ends with 1 for what it does not know: %s', async (...args) => {
    const ran = await orchestra(args);

    expect(ran.code).toBe(1);
    expect(ran.data).toBe('');
    expect(ran.progress).toContain('unknown');
  });
});
