import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { logMove, standingOf } from './move-log.ts';
import { parseCommand, type Command } from './parse-command.ts';
import { readLines } from './read-lines.ts';
import { logName, logPath, readLog } from './release-log.ts';
import { readPage } from './read-page.ts';
import { readyReplicas } from './running-release.ts';
import {
  claimEpoch,
  ensureRelease,
  measureTarget,
  setWeights,
  stopRelease,
  viewTarget,
  type Changed,
  type RunningTarget,
} from './running-target.ts';
import type { Supervisor } from './supervise.ts';

const maxBodyBytes = 1_048_576;
const maxOutputBytes = 65_536;

export interface ControlOptions {
  supervisor: Supervisor;
  /** Without it nobody is answered: other users of the machine can reach the loopback too. */
  token: string;
  logFolder: string;
  shutdown(): void;
}

interface Answer {
  status: number;
  body: unknown;
}

/** The only door to the supervisor: `POST /` with one command as JSON. */
export function createControlApi(options: ControlOptions): Server {
  return createServer((request, response) => void answer(request, response, options));
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ControlOptions): Promise<void> {
  const { status, body } = await answerOf(request, options);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answerOf(request: IncomingMessage, options: ControlOptions): Promise<Answer> {
  if (!isAuthorized(request, options.token))
    return { status: 401, body: { code: 'NOT_AUTHORIZED', message: 'No token' } };
  try {
    const parsed = parseCommand(await readBody(request));
    if (!parsed.ok) return { status: 400, body: { code: 'REQUEST_INVALID', message: parsed.problem } };
    return await perform(parsed.command, options);
  } catch (error) {
    return {
      status: 500,
      body: { code: 'TARGET_UNREACHABLE', message: error instanceof Error ? error.message : String(error) },
    };
  }
}

async function perform(command: Command, options: ControlOptions): Promise<Answer> {
  const { supervisor } = options;
  if ('epoch' in command) return change(command, options);
  switch (command.kind) {
    case 'ping':
      return { status: 200, body: { pid: process.pid, targets: supervisor.targets.size } };
    case 'shutdown':
      options.shutdown();
      return { status: 202, body: {} };
    case 'read':
    case 'metrics':
      return look(command, supervisor);
    case 'output':
    case 'lines':
    case 'pages':
      return { status: 200, body: await readRelease(command, options) };
  }
}

function look({ kind, target: key }: Extract<Command, { kind: 'read' | 'metrics' }>, supervisor: Supervisor): Answer {
  const target = supervisor.targets.get(key);
  if (target === undefined) return { status: 404, body: { code: 'NOT_FOUND', message: `${key} is not known here` } };
  return { status: 200, body: kind === 'read' ? viewTarget(target) : measureTarget(target, supervisor.startedAt) };
}

async function readRelease(
  command: Output | Lines | Pages,
  { supervisor, logFolder }: ControlOptions,
): Promise<unknown> {
  if (command.kind === 'pages') return readPages(command, supervisor);
  const name = logName(command.target, command.release);
  if (command.kind === 'lines') return readLines(logPath(logFolder, name), command.from);
  return readLog(logFolder, name, maxOutputBytes);
}

type Output = Extract<Command, { kind: 'output' }>;
type Lines = Extract<Command, { kind: 'lines' }>;
type Pages = Extract<Command, { kind: 'pages' }>;

async function readPages({ target, release, path }: Pages, supervisor: Supervisor): Promise<(string | null)[]> {
  const running = supervisor.targets.get(target)?.releases.get(release);
  const replicas = running === undefined ? [] : readyReplicas(running);
  return Promise.all(replicas.map(async ({ port }) => readPage({ port, path })));
}

type Change = Extract<Command, { epoch: number }>;

// From the check of the epoch to the durable write nothing else runs: the steps in between are synchronous.
async function change(command: Change, { supervisor, logFolder }: ControlOptions): Promise<Answer> {
  const target =
    command.kind === 'claim'
      ? await supervisor.ensureTarget(command.target, command.port)
      : supervisor.targets.get(command.target);
  if (target === undefined)
    return { status: 404, body: { code: 'NOT_FOUND', message: `${command.target} is not known here` } };
  const before = standingOf(target);
  const claimed = claimEpoch(target, command.epoch);
  const claimedOnly = standingOf(target);
  const changed = claimed.kind === 'done' ? apply(target, command) : claimed;
  if (claimed.kind === 'done') supervisor.save();
  logMove(logFolder, command, {
    // That an epoch is new is the effect of a claim, and of nothing else.
    changed: standingOf(target) !== (command.kind === 'claim' ? before : claimedOnly),
    refused: changed.kind === 'refused' ? changed.refusal.code : null,
  });
  if (changed.kind === 'refused') return { status: 409, body: changed.refusal };
  await supervisor.tend();
  return { status: 200, body: viewTarget(target) };
}

function apply(target: RunningTarget, command: Change): Changed {
  switch (command.kind) {
    case 'claim':
      return { kind: 'done' };
    case 'ensure':
      return ensureRelease(target, { ...command.spec, log: logName(target.key, command.spec.release) });
    case 'weights':
      return setWeights(target, command.weights);
    case 'stop':
      return stopRelease(target, command.release);
  }
}

function isAuthorized({ headers }: IncomingMessage, token: string): boolean {
  const given = hash(headers.authorization ?? '');
  return timingSafeEqual(given, hash(`Bearer ${token}`));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBodyBytes) throw new Error('The command is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
