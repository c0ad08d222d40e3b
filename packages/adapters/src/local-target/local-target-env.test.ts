import { describe, expect, it } from '@jest/globals';
import { localTargetEnv, localTargetPlaceEnv, toConnectOptions } from './index.ts';

describe('localTargetEnv', () => {
  it('names the place, the sandbox, the memory and the path of releases', () => {
    const settings = localTargetEnv.parse({
      LOCAL_TARGET_DIR: '/srv/target',
      LOCAL_TARGET_SANDBOX: 'process',
      LOCAL_TARGET_PATH: '/opt/bin',
      LOCAL_TARGET_MEMORY_MB: '512',
    });

    const expected = { folder: '/srv/target', mode: 'process', path: '/opt/bin', memoryMb: 512 };
    expect(toConnectOptions(settings)).toEqual(expected);
  });

  it('demands a sandbox unless something else is asked for', () => {
    expect(localTargetEnv.parse({}).LOCAL_TARGET_SANDBOX).toBe('bubblewrap');
  });

  it('puts those who start releases and those who watch them into one place', () => {
    expect(localTargetEnv.parse({}).LOCAL_TARGET_DIR).toBe(localTargetPlaceEnv.parse({}).LOCAL_TARGET_DIR);
  });

  it.each([{ LOCAL_TARGET_SANDBOX: 'none' }, { LOCAL_TARGET_DIR: '' }])('refuses %j', (env) => {
    expect(localTargetEnv.safeParse(env).success).toBe(false);
  });
});
