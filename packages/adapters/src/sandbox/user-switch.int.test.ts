import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgramSync } from '../process/index.ts';
import { findBubblewrap } from './find-bubblewrap.ts';
import { findUserSwitch } from './user-switch.ts';

const path = process.env['PATH'] ?? '';
const system = '/usr/bin:/bin:/usr/sbin:/sbin';
const isRoot = process.getuid?.() === 0;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-switch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('findUserSwitch', () => {
  it.each(['setpriv', 'chroot'])('leaves root with %s alone, and takes no group along', (name) => {
    symlinkSync(findProgramSync(name, system) ?? '/missing', join(folder, name));

    const [program = '', ...args] = findUserSwitch(folder)?.(61_300) ?? ['/bin/sh', '-c', 'echo stays', 'sh'];
    const { stdout } = spawnSync(program, [...args, '/bin/sh', '-c', 'id -u; id -G'], { encoding: 'utf8' });

    expect(stdout).toBe(isRoot ? '61300\n61300\n' : 'stays\n');
  });

  it('finds nothing where neither is installed', () => {
    expect(findUserSwitch(folder)).toBeNull();
  });
});

describe('bubblewrap without a way out of root', () => {
  it('does not work for root, and works for everybody else', () => {
    const found = findBubblewrap({ path, switchPath: folder });

    const reason = found.kind === 'fails' ? found.reason : 'none';
    expect(reason).toMatch(isRoot ? /this process is root/ : /^none$/);
  });
});
