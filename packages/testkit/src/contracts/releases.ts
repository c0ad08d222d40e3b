import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StartableRelease } from '@orchestra/adapters/local-target';
import type { ClusterContainer } from '@orchestra/adapters/kubernetes';

/** A release for any kind of place: with files of its own, and with an image where the place needs one. */
export interface StartableAnywhere extends StartableRelease {
  container?: ClusterContainer;
}

interface Move {
  target: string;
  epoch: number;
}

interface Seen {
  epoch: number;
  releases: readonly { release: string; ready: number; wanted: number; weight: number }[];
}

interface Releases {
  bringUp(move: Move & { startable: StartableAnywhere }): Promise<Seen>;
  claim(move: Move & { port: number }): Promise<Seen>;
  giveBack(move: Move & { to: StartableAnywhere }): Promise<Seen>;
  look(target: string): Promise<Seen | null>;
  retire(move: Move & { releases: readonly string[] }): Promise<void>;
  share(move: Move & { weights: Readonly<Record<string, number>> }): Promise<Seen>;
}

/** A place for releases where nothing was deployed to `target` yet. */
export interface ReleasesUnderTest {
  releases: Releases;
  target: string;
  /** A release that comes up, or one whose processes end at once. */
  startable(release: string, how?: 'comes_up' | 'crashes'): StartableAnywhere;
  /** How many processes beside one of another release make a share of 90 %, where they all get the same. Absent: any do. */
  processesForNinety?: number;
  close(): Promise<void>;
}

/** The contract of a target: epochs, shares of the traffic, and effects that may be repeated. */
export function testReleases(name: string, open: () => Promise<ReleasesUnderTest>): void {
  describe(`the target of ${name}`, () => {
    let world: ReleasesUnderTest;

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    async function serve(epoch: number, release: string): Promise<void> {
      const { releases, target, startable } = world;
      await releases.bringUp({ target, epoch, startable: startable(release) });
      await releases.share({ target, epoch, weights: { [release]: 100 } });
    }

    async function seen() {
      const view = await world.releases.look(world.target);
      const weights = view?.releases.map(({ release, weight }) => [release, weight]).toSorted() ?? [];
      return { epoch: view?.epoch ?? 0, weights };
    }

    it('is empty before the first move', async () => {
      expect(await world.releases.look(world.target)).toBeNull();
    });

    it('has what was brought up, ready, and with the traffic that it was given', async () => {
      await serve(1, 'r1');

      const view = await world.releases.look(world.target);
      expect(view).toMatchObject({ epoch: 1, releases: [{ release: 'r1', wanted: 1, ready: 1, weight: 100 }] });
    });

    it('is the same after a move that is repeated', async () => {
      await serve(1, 'r1');
      await serve(1, 'r1');

      expect(await seen()).toEqual({ epoch: 1, weights: [['r1', 100]] });
    });

    it('shares the traffic as asked: what is not named gets none', async () => {
      const { releases, target, startable, processesForNinety = 1 } = world;
      await serve(1, 'r1');
      const stable = { ...startable('r1'), replicas: processesForNinety };
      await releases.bringUp({ target, epoch: 1, startable: stable });
      await releases.bringUp({ target, epoch: 2, startable: startable('r2') });
      await releases.share({ target, epoch: 2, weights: { r2: 10, r1: 90 } });
      expect(await seen()).toEqual({
        epoch: 2,
        weights: [
          ['r1', 90],
          ['r2', 10],
        ],
      });

      await releases.share({ target, epoch: 3, weights: { r2: 100 } });
      expect((await seen()).weights).toEqual([
        ['r1', 0],
        ['r2', 100],
      ]);
    });

    it('refuses every effect of an older epoch, and stays as it is', async () => {
      const { releases, target, startable } = world;
      await serve(1, 'r1');
      await releases.claim({ target, epoch: 5, port: 0 });
      const old = { target, epoch: 4 };

      const effects = [
        () => releases.claim({ ...old, port: 0 }),
        () => releases.bringUp({ ...old, startable: startable('r2') }),
        () => releases.share({ ...old, weights: { r1: 50 } }),
        () => releases.retire({ ...old, releases: ['r1'] }),
        () => releases.giveBack({ ...old, to: startable('r1') }),
      ];
      for (const effect of effects) {
        await expect(effect()).rejects.toMatchObject({ code: 'TARGET_REFUSED', retriable: false });
      }
      expect(await seen()).toEqual({ epoch: 5, weights: [['r1', 100]] });
    });

    it('says that a release did not come up, and gives it no traffic', async () => {
      const { releases, target, startable } = world;
      await serve(1, 'r1');

      const crashing = { target, epoch: 2, startable: startable('r2', 'crashes') };
      await expect(releases.bringUp(crashing)).rejects.toMatchObject({ code: 'RELEASE_NOT_READY', retriable: false });
      await expect(releases.share({ target, epoch: 2, weights: { r2: 100 } })).rejects.toMatchObject({
        code: 'RELEASE_NOT_READY',
      });
      expect((await seen()).weights).toContainEqual(['r1', 100]);
    });

    it('gives all traffic back to a release, also one that was retired', async () => {
      const { releases, target, startable } = world;
      await serve(1, 'r1');
      await serve(2, 'r2');
      await releases.retire({ target, epoch: 2, releases: ['r1'] });

      await releases.giveBack({ target, epoch: 3, to: startable('r1') });

      expect(await seen()).toEqual({
        epoch: 3,
        weights: [
          ['r1', 100],
          ['r2', 0],
        ],
      });
    });
  });
}
