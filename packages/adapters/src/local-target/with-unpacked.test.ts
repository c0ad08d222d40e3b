import { describe, expect, it } from '@jest/globals';
import { OrchestraError, type ErrorCode } from '@orchestra/runtime';
import { withUnpacked } from './with-unpacked.ts';

function failing(code: ErrorCode, times: number) {
  const given: string[] = [];
  return {
    given,
    async use(folder: string): Promise<string> {
      given.push(folder);
      if (given.length <= times) throw new OrchestraError(code, 'no');
      return folder;
    },
  };
}

function unpacking() {
  let times = 0;
  return async (): Promise<string> => {
    times += 1;
    return `folder ${times}`;
  };
}

describe('withUnpacked', () => {
  it('unpacks again what was cleared away before it could be used', async () => {
    const { use, given } = failing('ARTIFACT_MISSING', 2);

    await expect(withUnpacked(unpacking(), use)).resolves.toBe('folder 3');
    expect(given).toEqual(['folder 1', 'folder 2', 'folder 3']);
  });

  it.each([
    { code: 'ARTIFACT_MISSING' as const, tries: 3 },
    { code: 'TARGET_REFUSED' as const, tries: 1 },
  ])('gives up on $code after $tries tries', async ({ code, tries }) => {
    const { use, given } = failing(code, 9);

    await expect(withUnpacked(unpacking(), use)).rejects.toMatchObject({ code });
    expect(given).toHaveLength(tries);
  });
});
