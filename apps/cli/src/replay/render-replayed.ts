import type { Answer, Replayed } from '@orchestra/runtime';

/** What differs, a block for each event; what could not be judged, a line. Nothing for what is the same. */
export function renderReplayed(replayed: readonly Replayed[]): string[] {
  return replayed.flatMap(({ kind, event, recorded, answered, because }) => {
    const about = `${event.topic} ${event.id} of run ${event.runId === '' ? '-' : event.runId}, ${event.at}`;
    switch (kind) {
      case 'same':
        return [];
      case 'world':
        return [`not judged  ${about}: asks ${because ?? 'the world'}`];
      case 'refused':
        return [`refused     ${about}: ${because ?? ''}`];
      case 'differs':
        return [`differs     ${about}`, ...linesOf('- recorded', recorded), ...linesOf('+ answered', answered)];
    }
  });
}

function linesOf(sign: string, answers: readonly Answer[]): string[] {
  if (answers.length === 0) return [`  ${sign} nothing`];
  return answers.map(({ topic, unit, says }) => `  ${sign} ${topic} ${unit} ${JSON.stringify(says)}`);
}
