import { OrchestraError } from '@orchestra/contracts';
import type { ArtifactStore } from '../ports/artifact-store.ts';

export interface AskedArtifacts extends ArtifactStore {
  /** The first artifact since the last call that could not be had, or was to be kept; null: none. */
  takeAsked(): string | null;
}

/** An artifact store that gives plans, and remembers what of the rest was asked for: contents are no events. */
export function createAskedArtifacts(artifacts: ArtifactStore): AskedArtifacts {
  let asked: string | null = null;
  const note = (name: string): void => {
    asked ??= name;
  };
  return {
    ...artifacts,
    async open(digest) {
      note(`artifacts.open ${digest}`);
      return artifacts.open(digest);
    },
    async read(digest, maxBytes) {
      try {
        return await artifacts.read(digest, maxBytes);
      } catch (error) {
        note(`artifacts.read ${digest}`);
        throw error;
      }
    },
    async put() {
      note('artifacts.put');
      throw new OrchestraError('NOT_PERMITTED', 'A replay keeps nothing');
    },
    takeAsked() {
      const name = asked;
      asked = null;
      return name;
    },
  };
}
