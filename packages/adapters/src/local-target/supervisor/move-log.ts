import { closeSync, writeSync } from 'node:fs';
import type { Command } from './parse-command.ts';
import { openLog } from './release-log.ts';
import type { RunningTarget } from './running-target.ts';

type Move = Extract<Command, { epoch: number }>;

/** One line of `logs/moves.log`: what a target was asked for, under which epoch, and what came of it. */
interface LoggedMove {
  /** ISO 8601. */
  at: string;
  kind: Move['kind'];
  target: string;
  epoch: number;
  release: string | null;
  /** Processes that the release is to have; null: the move is not about processes. */
  processes: number | null;
  /** Shares of the traffic; null: it moves none. */
  weights: Readonly<Record<string, number>> | null;
  /** False: it was so already. */
  changed: boolean;
  /** Code with which it was refused; null: it was not. */
  refused: string | null;
}

/** What a target is at one moment, as text: two texts are the same when nothing that a move can change has changed. */
export function standingOf({ state }: RunningTarget): string {
  const processes = Object.entries(state.releases).map(([release, { wanted }]) => `${release} ${wanted}`);
  const shares = Object.entries(state.weights).map(([release, weight]) => `${release} ${weight}`);
  return JSON.stringify([state.epoch, processes.toSorted(byText), shares.toSorted(byText)]);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** Adds a line for people and tests who ask later what was done to a target, and how often. */
export function logMove(folder: string, command: Move, result: Pick<LoggedMove, 'changed' | 'refused'>): void {
  const { kind, target, epoch } = command;
  const line: LoggedMove = { at: new Date().toISOString(), kind, target, epoch, ...subjectOf(command), ...result };
  const file = openLog(folder, 'moves');
  try {
    writeSync(file, `${JSON.stringify(line)}\n`);
  } finally {
    closeSync(file);
  }
}

function subjectOf(command: Move): Pick<LoggedMove, 'release' | 'processes' | 'weights'> {
  switch (command.kind) {
    case 'claim':
      return { release: null, processes: null, weights: null };
    case 'ensure':
      return { release: command.spec.release, processes: command.spec.replicas, weights: null };
    case 'weights':
      return { release: null, processes: null, weights: command.weights };
    case 'stop':
      return { release: command.release, processes: 0, weights: null };
  }
}
