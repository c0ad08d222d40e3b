import type { HistoryEntry, Retry, RunStore } from '@orchestra/runtime';
import { decodeClaimed } from './decode-job.ts';
import { decodeCount, decodeList, decodeText, decodeWord } from './decode-reply.ts';
import { encodeHistory, encodeInput } from './encode-arguments.ts';
import type { ScriptCaller } from './script-caller.ts';

const taken = ['accepted', 'dup', 'run_unknown'] as const;

export type RunSteps = Pick<
  RunStore,
  'admit' | 'noteHead' | 'accept' | 'acceptAndClaim' | 'setWish' | 'retry' | 'answer'
>;

/** The steps that begin and steer runs, one script each. */
export function createRunSteps({ call }: ScriptCaller): RunSteps {
  return {
    async admit({ identity, ...admission }) {
      const { runId, repository, ref, commit } = identity;
      const named = { runId, repository, ref, commit, identity: JSON.stringify(identity) };
      const reply = await call('admit', { ...admission, ...named });
      const [kind, id, sequence, superseded] = decodeList(reply);
      if (decodeWord(kind, ['known', 'admitted']) === 'known') return { kind: 'known', runId: decodeText(id) };
      return {
        kind: 'admitted',
        runId: decodeText(id),
        sequence: decodeCount(sequence),
        superseded: decodeList(superseded).map(decodeText),
      };
    },
    async noteHead(note) {
      return decodeWord(await call('noteHead', { ...note }), ['noted', 'other']);
    },
    async accept(acceptance) {
      const reply = await call('accept', { ...acceptance, input: encodeInput(acceptance.input) });
      return decodeWord(reply, taken);
    },
    async acceptAndClaim(acceptance, claim) {
      const args = { ...acceptance, input: encodeInput(acceptance.input), claim };
      const [word, claimed = null] = decodeList(await call('acceptAndClaim', args));
      return { taken: decodeWord(word, taken), job: decodeClaimed(claimed) };
    },
    async setWish(wish) {
      return decodeWord(await call('setWish', { ...wish }), ['set', 'already', 'run_unknown', 'ended']);
    },
    async retry(retry) {
      const reply = await call('retry', { ...retry, history: encodeHistory([historyOf(retry)]) });
      const kind = decodeWord(reply, ['retried', 'moved', 'run_unknown']);
      return kind === 'retried' ? { kind, generation: retry.expected + 1 } : { kind };
    },
    async answer(runId, answerKey, memo) {
      return decodeWord(await call('answer', { runId, answerKey, memo }), ['stored', 'already', 'run_unknown']);
    },
  };
}

function historyOf({ runId, expected, remade, actor }: Retry): HistoryEntry {
  return {
    id: `retry:${runId}:${expected + 1}`,
    at: '',
    kind: 'act',
    service: 'gitops',
    unit: null,
    generation: expected + 1,
    what: 'retry',
    reason: null,
    causes: [],
    detail: { actor, remade },
  };
}
