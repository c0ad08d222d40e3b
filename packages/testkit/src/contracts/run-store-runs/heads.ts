import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Admitted, HeadMove } from '@orchestra/runtime';
import { anAdmission } from './given.ts';
import type { Under } from './place.ts';

const ref = 'refs/heads/main';
const told = { by: 'told', pushedAtMs: null } as const;
const first = '1'.repeat(40);
const second = '2'.repeat(40);
const third = '3'.repeat(40);

/** Where the refs of a repository stand, by what the forge told and by what was found. */
export function testHeads(under: Under): void {
  testNoting(under);
  testTold(under);
  testFound(under);
}

function testNoting(under: Under): void {
  it('notes where a ref stands, from where it stood before, and that it is gone', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;

    expect(await store.readHeads(repository)).toEqual([]);
    expect(await store.noteHead({ repository, ref, expected: null, commit: first })).toBe('noted');
    expect(await store.noteHead({ repository, ref, expected: null, commit: second })).toBe('other');
    expect(await store.noteHead({ repository, ref: 'HEAD', expected: null, commit: first })).toBe('noted');
    expect(await store.readHeads(repository)).toEqual([
      { ref: 'HEAD', commit: first, runId: null, found: true, at: expect.any(String) },
      { ref, commit: first, runId: null, found: true, at: expect.any(String) },
    ]);
    expect(await store.noteHead({ repository, ref, expected: first, commit: null })).toBe('noted');
    expect(await store.readHeads(repository)).toMatchObject([{ ref: 'HEAD' }]);
  });
}

function testTold(under: Under): void {
  it('moves the head with each push that the forge told of, and with no run that a person asked for', async () => {
    const { push, heads } = given(under);

    await push(first, told);
    const { runId } = await push(second, told);
    await push(third);

    expect(await heads()).toMatchObject([{ ref, commit: second, runId, found: false }]);
  });

  it('makes no second run of a push that was found before it was told of, whatever it came from', async () => {
    const { push, heads } = given(under);
    const found = await push(second, { by: 'found', expected: null });
    const late = { delivery: randomUUID(), content: randomUUID() };

    expect(await push(second, told, late)).toEqual({ kind: 'known', runId: found.runId });
    await push(third, told);
    expect(await push(second, told, late)).toEqual({ kind: 'known', runId: found.runId });
    expect(await heads()).toMatchObject([{ commit: third }]);
  });

  it('makes no run of a push that the forge took before a later one was found', async () => {
    const { push, heads } = given(under);
    const found = await push(third, { by: 'found', expected: null });
    const at = new Date((await heads())[0]?.at ?? '').getTime();

    expect(await push(first, { by: 'told', pushedAtMs: at })).toEqual({ kind: 'known', runId: found.runId });
    expect(await heads()).toMatchObject([{ commit: third }]);
    expect(await push(second, { by: 'told', pushedAtMs: at + 1 })).toMatchObject({ kind: 'admitted' });
  });

  it('makes a run of a commit that comes back after another one was told of', async () => {
    const { push } = given(under);
    await push(first, told);
    await push(second, told);

    expect(await push(first, told)).toMatchObject({ kind: 'admitted' });
  });
}

function testFound(under: Under): void {
  it('makes a run of what was found from where the ref stands', async () => {
    const { push, heads } = given(under);
    await push(first, told);

    const found = await push(third, { by: 'found', expected: first });

    expect(found).toMatchObject({ kind: 'admitted', sequence: 2 });
    expect(await heads()).toMatchObject([{ commit: third, runId: found.runId, found: true }]);
  });

  it('makes nothing of what was found while the forge told of something', async () => {
    const { push, heads } = given(under);
    const { runId } = await push(second, told);

    expect(await push(third, { by: 'found', expected: first })).toEqual({ kind: 'known', runId });
    expect(await push(second, { by: 'found', expected: null })).toEqual({ kind: 'known', runId });
    expect(await heads()).toMatchObject([{ commit: second, found: false }]);
  });

  it('makes one run of what many found at once', async () => {
    const { push } = given(under);

    const found = await Promise.all(
      Array.from({ length: 10 }, async () => push(first, { by: 'found', expected: null })),
    );

    expect(found.filter(({ kind }) => kind === 'admitted')).toHaveLength(1);
    expect(new Set(found.map(({ runId }) => runId)).size).toBe(1);
  });
}

function given(under: Under) {
  const repository = `acme/${randomUUID()}`;
  const push = async (commit: string, head?: HeadMove, names = {}): Promise<Admitted> =>
    under().store.admit(
      anAdmission({ repository, ref, commit }, { ...names, ...(head === undefined ? {} : { head }) }),
    );
  return { push, heads: async () => under().store.readHeads(repository) };
}
