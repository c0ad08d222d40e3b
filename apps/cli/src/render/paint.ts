import type { EndedStatus, Overall, Status } from '@orchestra/contracts';

export type Colour = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow';

/** Colours text for a terminal, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

export function plain(_colour: Colour, text: string): string {
  return text;
}

const colours: Record<Status | EndedStatus | Overall['status'], Colour> = {
  queued: 'dim',
  running: 'cyan',
  waiting: 'yellow',
  waiting_for_person: 'yellow',
  success: 'green',
  not_needed: 'dim',
  skipped: 'dim',
  rolled_back: 'yellow',
  cancelled: 'yellow',
  superseded: 'dim',
  failure: 'red',
  error: 'red',
  timed_out: 'red',
  unknown: 'red',
};

/** The colour of a status, of a unit or of a run. */
export function colourOf(status: keyof typeof colours): Colour {
  return colours[status];
}
