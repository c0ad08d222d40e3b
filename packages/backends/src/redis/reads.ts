import type { RunStore } from '@orchestra/runtime';
import type { Reads } from '../run-store/reads.ts';
import { decodeJobs } from './decode-job.ts';
import { decodeAuditEntry, decodeHistoryEntry, decodeQuarantine, decodeTargets } from './decode-records.ts';
import { decodeHeads } from './decode-heads.ts';
import { decodeCount, decodeList, decodeText, decodeTextOrNull } from './decode-reply.ts';
import { decodeRun } from './decode-run.ts';
import type { ScriptCaller } from './script-caller.ts';

/** What people ask for, and the logs of what they did. */
type ReadsAndLogs = Omit<Reads, 'readSamples'> & Pick<RunStore, 'releaseQuarantine' | 'audit'>;

/** Everything that people and renderers ask for, and the two logs of people's acts. */
export function createReads(scripts: ScriptCaller): ReadsAndLogs {
  return { ...createRunReads(scripts), ...createTargetReads(scripts), ...createQueueReads(scripts) };
}

type RunReads = Pick<
  RunStore,
  'readAnswer' | 'readRun' | 'findRun' | 'listRuns' | 'readHeads' | 'readHistory' | 'readJobs' | 'readJob'
>;

function createRunReads({ call }: ScriptCaller): RunReads {
  return {
    async readAnswer(runId, answerKey) {
      return decodeTextOrNull(
        await call('plainCommand', { command: 'HGET', key: `answers:${runId}`, rest: [answerKey] }),
      );
    },
    async readRun(runId) {
      return decodeRun(await call('plainCommand', { command: 'HGETALL', key: `run:${runId}`, rest: [] }));
    },
    async findRun(repository, sequence) {
      return decodeTextOrNull(await call('findRun', { repository, sequence }));
    },
    async listRuns(query) {
      const runs = decodeList(await call('listRuns', { ...query }));
      return runs.map(decodeRun).filter((run) => run !== null);
    },
    async readHeads(repository) {
      return decodeHeads(await call('plainCommand', { command: 'HGETALL', key: `heads:${repository}`, rest: [] }));
    },
    async readHistory(runId) {
      const lines = await call('plainCommand', { command: 'LRANGE', key: `history:${runId}`, rest: ['0', '-1'] });
      return decodeList(lines).map(decodeHistoryEntry);
    },
    async readJobs(runId) {
      return decodeJobs(await call('readJobs', { runId }));
    },
    async readJob(jobId) {
      return decodeJobs(await call('readJobs', { jobId }))[0] ?? null;
    },
  };
}

type TargetReads = Pick<RunStore, 'readTarget' | 'listTargets' | 'readQuarantine' | 'releaseQuarantine'>;

function createTargetReads({ call }: ScriptCaller): TargetReads {
  return {
    async readTarget(key) {
      const rest = ['version', 'target'];
      const [version, target] = decodeList(
        await call('plainCommand', { command: 'HMGET', key: `target:${key}`, rest }),
      );
      return version === null ? null : { key, version: decodeCount(version), target: decodeText(target) };
    },
    async listTargets(repository) {
      return decodeTargets(await call('listTargets', {}), repository);
    },
    async readQuarantine(repository) {
      return decodeQuarantine(
        await call('plainCommand', { command: 'HVALS', key: `quarantine:${repository}`, rest: [] }),
      );
    },
    async releaseQuarantine(repository, key) {
      const removed = await call('plainCommand', { command: 'HDEL', key: `quarantine:${repository}`, rest: [key] });
      return decodeCount(removed) === 1;
    },
  };
}

type QueueReads = Pick<RunStore, 'stats' | 'nextDueMs' | 'audit' | 'readAudit'>;

function createQueueReads({ call }: ScriptCaller): QueueReads {
  return {
    async stats(service) {
      const counts = decodeList(await call('stats', { service })).map(decodeCount);
      const [ready = 0, oldestReadyMs = 0, leased = 0, parked = 0, outbox = 0, oldestOutboxMs = 0] = counts;
      return { ready, oldestReadyMs, leased, parked, outbox, oldestOutboxMs };
    },
    async nextDueMs(service, except) {
      const dueMs = decodeCount(await call('nextDue', { service, except }));
      return dueMs < 0 ? null : dueMs;
    },
    async audit(entry) {
      await call('writeAudit', { entry: JSON.stringify(entry) });
    },
    async readAudit(limit) {
      return decodeList(await call('readAudit', { limit })).map(decodeAuditEntry);
    },
  };
}
