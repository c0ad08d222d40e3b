import { afterEach } from '@jest/globals';

/** What is put into the list is called after the test that put it there, last first. */
export function closeAfterEach(): (() => Promise<void>)[] {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });
  return open;
}
