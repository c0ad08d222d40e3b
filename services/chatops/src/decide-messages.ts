import {
  askedOfPerson,
  explainAsk,
  isTerminal,
  judgeRun,
  opensGate,
  type NotifyOn,
  type Overall,
  type RunState,
  type UnitState,
} from '@orchestra/contracts';
import { decideProposalLines } from './decide-proposal-lines.ts';
import { decideQuestionLines, decideReleaseLines } from './decide-release-lines.ts';
import { decideRemovalReplies } from './decide-removal-replies.ts';

/** What people in a channel should see now. Foreign text in it is not escaped yet: `parts` says which is ours. */
export interface WantedMessages {
  /** The one message of the run; null: nothing that people asked to hear of has happened. */
  main: Line[] | null;
  /** Answers in its thread, each said once. */
  replies: readonly { about: string; lines: Line[] }[];
}

/** A line of our own words and foreign text. */
export type Line = readonly Part[];
export type Part = { ours: string } | { foreign: string };

/**
 * What a channel is told of a run, from its state alone.
 *
 * @param isShown whether it has a message of the run, which would tell for ever what was true once
 */
export function decideMessages(run: RunState, notifyOn: readonly NotifyOn[], isShown = false): WantedMessages {
  const overall = judgeRun(run);
  const told = run.plannedUnits.length > 0 && happened(run, overall).some((what) => notifyOn.includes(what));
  if (!told && !isShown) return { main: null, replies: [] };
  return { main: mainLines(run, overall), replies: repliesOf(run, notifyOn) };
}

function happened(run: RunState, overall: Overall): NotifyOn[] {
  const units = Object.entries(run.units);
  const rolledBack = units.some(([name, { status }]) => name.startsWith('rollback/') && isTerminal(status));
  const failed = units.some(([, { status }]) => isBad(status)) && overall.status !== 'superseded';
  return [
    'start',
    ...(overall.status === 'success' ? ['success' as const] : []),
    ...(failed ? ['failure' as const] : []),
    ...(rolledBack ? ['rollback' as const] : []),
    ...(overall.status === 'waiting_for_person' ? ['approval' as const] : []),
  ];
}

function isBad(status: UnitState['status']): boolean {
  return isTerminal(status) && !opensGate(status);
}

const icons: Record<Overall['status'], string> = {
  queued: ':hourglass:',
  running: ':gear:',
  waiting_for_person: ':raised_hand:',
  success: ':white_check_mark:',
  rolled_back: ':leftwards_arrow_with_hook:',
  failure: ':x:',
  error: ':warning:',
  unknown: ':grey_question:',
  cancelled: ':no_entry_sign:',
  superseded: ':fast_forward:',
  timed_out: ':alarm_clock:',
};

function mainLines(run: RunState, overall: Overall): Line[] {
  const { repository, sequence, branch, ref, commit, author, message } = run;
  const title: Line = [
    { ours: `${icons[overall.status]} *` },
    { foreign: `${repository} #${sequence}` },
    { ours: `* ${overall.status.replaceAll('_', ' ')} · ` },
    { foreign: branch ?? ref },
    { ours: ' · `' },
    { foreign: commit.slice(0, 10) },
    { ours: '` · ' },
    { foreign: author },
  ];
  const subject: Line = [{ foreign: message?.split('\n')[0] ?? '' }];
  const stages = [...new Set(run.plannedUnits.map(({ service }) => service))];
  const line: Line = stages.flatMap((service, index): Part[] => [
    { ours: `${index === 0 ? '' : '  '}${stageIcon(run, service)} ${service}` },
  ]);
  return [
    title,
    ...(message === null ? [] : [subject]),
    line,
    ...decideProposalLines(run),
    ...decideReleaseLines(run),
    ...run.notes.map((note): Line => [{ ours: '_' }, { foreign: note }, { ours: '_' }]),
  ];
}

function stageIcon({ plannedUnits, units }: RunState, service: string): string {
  const statuses = plannedUnits
    .filter((planned) => planned.service === service)
    .map(({ unit }) => units[unit]?.status ?? 'queued');
  if (statuses.some(isBad)) return ':x:';
  if (statuses.every(isTerminal)) return statuses.includes('success') ? ':white_check_mark:' : ':heavy_minus_sign:';
  return statuses.some((status) => status !== 'queued') ? ':gear:' : ':hourglass:';
}

type Reply = WantedMessages['replies'][number];

function repliesOf(run: RunState, notifyOn: readonly NotifyOn[]): Reply[] {
  return [
    ...(notifyOn.includes('failure') ? [...problemReplies(run), ...failureReplies(run)] : []),
    ...(notifyOn.includes('rollback') ? rollbackReplies(run) : []),
    ...(notifyOn.includes('approval') ? [...waitReplies(run), ...decideRemovalReplies(run)] : []),
  ];
}

function problemReplies({ slices }: RunState): Reply[] {
  const problems = slices.gitops.source?.problems ?? [];
  if (problems.length === 0) return [];
  const lines = problems
    .slice(0, 10)
    .map(({ line, column, frame, message }): Line => [
      { ours: frame === '' ? '' : `\`${line}:${column}\` ` },
      { foreign: message },
    ]);
  const more: Line[] = problems.length > 10 ? [[{ ours: `and ${problems.length - 10} more` }]] : [];
  return [{ about: 'problems', lines: [[{ ours: '*The commit cannot run*' }], ...lines, ...more] }];
}

// What was skipped or stopped follows from something else, which has an answer of its own.
const tellsItself = new Set(['failure', 'error', 'timed_out', 'unknown']);

function failureReplies(run: RunState): Reply[] {
  return Object.entries(run.units)
    .filter(([name, { status }]) => tellsItself.has(status) && !name.startsWith('rollback/') && name !== 'gitops')
    .map(([name, unit]) => ({
      about: `${name} ${unit.generation}`,
      lines: [unitLine(name, unit), ...askLines(name, run)],
    }));
}

function rollbackReplies(run: RunState): Reply[] {
  const { units, slices } = run;
  return Object.entries(units)
    .filter(([name, { status }]) => name.startsWith('rollback/') && isTerminal(status))
    .map(([name, unit]) => {
      const compared = slices.rollback[name.slice('rollback/'.length)]?.compared ?? [];
      const checks = compared.map(({ metric, value, threshold, baseline }): Line => [
        { ours: '• ' },
        { foreign: `${metric}: ${value ?? 'no data'}, threshold ${threshold}, before ${baseline ?? 'unknown'}` },
      ]);
      return { about: `${name} ${unit.generation}`, lines: [unitLine(name, unit), ...checks, ...askLines(name, run)] };
    });
}

// Each step of a rollout may ask anew: its epoch tells one question from the next.
function waitReplies(run: RunState): Reply[] {
  return Object.entries(run.units)
    .filter(([name, unit]) => unit.status === 'waiting' && askedOfPerson(name, unit) !== null)
    .map(([name, unit]) => waitReply(name, unit, run));
}

function waitReply(name: string, unit: UnitState, run: RunState): Reply {
  const { epoch = 0, approval } = run.slices.deploy[name.slice('deploy/'.length)] ?? {};
  const about = `${name} ${unit.generation} ${unit.reason ?? ''} ${epoch}`;
  if (approval?.state !== 'waiting') return { about, lines: [unitLine(name, unit), ...askLines(name, run)] };
  // Who has approved meanwhile is told as well.
  const given = `${approval.digest} ${approval.approved.length}`;
  return { about: `${about} ${given}`, lines: [...decideQuestionLines(name, approval), ...askLines(name, run)] };
}

function askLines(name: string, run: RunState): Line[] {
  const how = explainAsk(name, run);
  return how === null ? [] : [[{ foreign: how }]];
}

function unitLine(name: string, { status, reason, message }: UnitState): Line {
  return [
    { ours: '*' },
    { foreign: name },
    { ours: `* ${status.replaceAll('_', ' ')}: ` },
    { foreign: message ?? reason ?? '' },
  ];
}
