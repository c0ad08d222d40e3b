import { explainAsk, unitNames, type RemovalSlice, type RunState } from '@orchestra/contracts';
import type { Line, WantedMessages } from './decide-messages.ts';

/** What people are told of infrastructure that is to be destroyed: the question with all names, and the end. */
export function decideRemovalReplies(run: RunState): WantedMessages['replies'] {
  return Object.entries(run.slices.iac).flatMap(([environment, { removal }]) =>
    removal === undefined ? [] : repliesOf({ environment, removal, run }),
  );
}

interface Told {
  environment: string;
  removal: RemovalSlice;
  run: RunState;
}

function repliesOf({ environment, removal, run }: Told): WantedMessages['replies'] {
  const { phase, ended, destroys, question, jobId } = removal;
  const how = explainAsk(unitNames.iac(environment), run);
  const ask: Line[] = how === null ? [] : [[{ foreign: how }]];
  const title = (word: string): Line => [
    { ours: '*Destroying the infrastructure of* ' },
    { foreign: environment },
    { ours: `: ${word}` },
  ];
  if (ended !== null) {
    const word = phase === 'applied' ? 'it is gone' : 'ended';
    const why: Line = [{ foreign: ended.message ?? ended.reason }];
    return [{ about: `removal ${jobId} ended`, lines: [title(word), why, ...ask] }];
  }
  if (!question) return [];
  const names = destroys.map((address): Line => [{ ours: '• ' }, { foreign: address }]);
  return [{ about: `removal ${question.digest}`, lines: [title('waits for a person'), ...names, ...ask] }];
}
