import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const launcher = join(import.meta.dirname, '../bin/orchestra.js');
const example = join(import.meta.dirname, '../../../devops_orchestra.example.yaml');

function launch(args: string[], input = ''): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, [launcher, ...args], { input, encoding: 'utf8', timeout: 30_000 });
}

describe('bin/orchestra.js', () => {
  it('runs a command, with its output and its end', () => {
    const ended = launch(['validate', example]);

    expect(ended).toMatchObject({ status: 0, stdout: '' });
    expect(ended.stderr).toContain('valid, 0 warnings');
  });

  it('passes on how the command ended', () => {
    expect(launch(['validate', '-'], 'projct: {}').status).toBe(3);
  });
});
