import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/** What is asked of whoever makes images; the shape of the build's port. */
export interface ImageOrderUnderTest {
  program: 'docker';
  context: string;
  dockerfile: string;
  image: string;
  commit: string;
  runId: string;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput: (text: string) => void;
}

/** A program that makes images and pushes them to a registry. */
export interface ImagesUnderTest {
  images: {
    isInstalled(program: 'docker'): Promise<boolean>;
    build(order: ImageOrderUnderTest): Promise<{ kind: string; digest?: string; reference?: string }>;
  };
  /** Absolute path of a folder with a Dockerfile. */
  context: string;
  close(): Promise<void>;
}

/** The contract of images: named by a digest, and the same again for the same commit. */
export function testImages(name: string, open: () => Promise<ImagesUnderTest>): void {
  describe(`the images of ${name}`, () => {
    let world: ImagesUnderTest;

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    async function build(commit: string, signal = new AbortController().signal) {
      const { images, context } = world;
      const place = { program: 'docker', context, dockerfile: `${context}/Dockerfile` } as const;
      const order = { ...place, image: 'acme/shop', commit, runId: 'run-1', timeoutMs: 20_000 };
      return images.build({ ...order, signal, onOutput: () => {} });
    }

    it('are named by a digest in the registry', async () => {
      expect(await world.images.isInstalled('docker')).toBe(true);

      const { kind, digest = '', reference } = await build('a'.repeat(40));
      expect([kind, reference]).toEqual(['built', `acme/shop@${digest}`]);
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    });

    it('are the same for the same commit, and others for another one', async () => {
      const first = await build('a'.repeat(40));

      expect(await build('a'.repeat(40))).toEqual(first);
      expect((await build('b'.repeat(40))).digest).not.toBe(first.digest);
    });

    it('are not made for whoever has stopped waiting', async () => {
      await expect(build('a'.repeat(40), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    });
  });
}
