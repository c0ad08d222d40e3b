import { OrchestraError } from '@orchestra/runtime';
import type { Joining } from './join-targets.ts';
import type { ReleasePreparation } from './prepare-release.ts';

/** What releases bring beside their pods, each target where its name in the world says. On this machine that is nothing. */
export function joinPreparations({ inNamespace, readKey }: Omit<Joining, 'local'>): ReleasePreparation {
  return {
    async rehearse(of, signal) {
      const { namespace, rollout = null, target } = readKey(of.target);
      return namespace === null ? [] : inNamespace(namespace, rollout).rehearse({ ...of, target }, signal);
    },
    async prepare(move, signal) {
      const { namespace, rollout = null, target } = readKey(move.target);
      if (namespace !== null) await inNamespace(namespace, rollout).prepare({ ...move, target }, signal);
    },
    async runHook(move, signal) {
      const { namespace, rollout = null, target } = readKey(move.target);
      if (namespace === null) throw new OrchestraError('TARGET_DENIED', 'Hooks are Jobs of a cluster');
      await inNamespace(namespace, rollout).runHook({ ...move, target }, signal);
    },
  };
}
