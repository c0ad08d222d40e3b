import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { createApiClient, type ApiClient } from '../client/api-client.ts';
import { sendPush } from '../client/send-push.ts';
import type { Credentials } from '../up/credentials.ts';
import { followRun } from './follow-run.ts';
import { freePort } from './free-port.ts';
import { judgeDemo, type Chapter, type Summary } from './judge-demo.ts';
import { broken, prepareSample, type Sample } from './prepare-sample.ts';
import type { Push } from './repository.ts';
import { startTraffic, type Traffic } from './traffic.ts';

export interface PlayDemo {
  distributed: boolean;
  keep: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  /** Gets the progress, a line at a time. */
  say(line: string): void;
}

interface Stage {
  folder: string;
  sample: Sample;
  platform: { url: string; credentials: Credentials; stop(): Promise<void> };
  api: ApiClient;
  traffic: Traffic;
  say(line: string): void;
}

const requestsPerSecond = 100;

/** Plays the three pushes and compares what was seen with what was promised. */
export async function playDemo(options: PlayDemo): Promise<Summary> {
  const { say, environment } = options;
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-demo-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  const port = await freePort();
  say('● Making a git repository of a small HTTP service, with tests');
  const sample = await prepareSample({ folder, port, path: environment['PATH'] ?? '' });
  say(`● Starting the platform, ${options.distributed ? 'as nine processes' : 'all nine services in this process'}`);
  const platform = await openPlatform(options, folder, sample);
  const api = createApiClient({ url: platform.url, token: platform.credentials.apiToken });
  say(`  ${platform.url}`);
  const traffic = startTraffic({ port, perSecond: requestsPerSecond });
  const stage: Stage = { folder, sample, platform, api, traffic, say };
  try {
    const summary = judgeDemo({
      chapters: await playChapters(stage),
      infrastructure: sample.infrastructure,
    });
    if (options.keep) await keepUntilAsked(stage);
    return summary;
  } finally {
    traffic.stop();
    await platform.stop();
    const target = join(folder, 'data/target');
    await createLocalTarget({ folder: target, mode: 'auto', path: environment['PATH'] ?? '' }).shutdown();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openPlatform(options: PlayDemo, folder: string, sample: Sample): Promise<Stage['platform']> {
  const environment = { SANDBOX: 'auto', LOCAL_TARGET_SANDBOX: 'auto', ...options.environment };
  const common = {
    folder: join(folder, 'data'),
    repositories: [`demo/*=file://${sample.repositories}/{repository}.git`],
    environment,
    host: '127.0.0.1',
    port: 0,
  };
  if (!options.distributed) {
    const { openEmbeddedPlatform } = await import('../up/open-embedded-platform.ts');
    return openEmbeddedPlatform({ ...common, logTo: 'file' });
  }
  const [{ initFromEnvironment }, { openDistributedPlatform }] = await Promise.all([
    import('../init.ts'),
    import('../up/open-distributed-platform.ts'),
  ]);
  // Kafka's leaders are chosen while its topics are made, which its client warns of.
  await initFromEnvironment({ LOG_LEVEL: 'error', ...environment });
  return openDistributedPlatform({ ...common, say: options.say });
}

async function playChapters(stage: Stage): Promise<Chapter[]> {
  const { sample, say, traffic } = stage;
  say('● First push: a good version');
  const first = await playChapter(stage, await sample.repository.commit('Open the shop'));
  for (const note of first.shown.run.notes) say(`  note: ${explainNote(note)}`);
  say(
    `● Second push: it passes its tests, and fails one request in five once users come (${requestsPerSecond} requests/s)`,
  );
  const bad = await sample.repository.commit('Greet faster', broken);
  const second = await playChapter(stage, bad);
  say(`  users now read: ${traffic.latest() ?? 'nothing'}`);
  say('● Third push: the same bad commit once more');
  return [first, second, await playChapter(stage, await sample.repository.resetTo(bad.after))];
}

const noteMeanings: Readonly<Record<string, string>> = {
  unsandboxed:
    'bubblewrap is missing or not permitted here, so the sample repository, which is our own, ran without a sandbox',
  release_unsandboxed: 'for the same reason its releases, which are our own as well, run without a sandbox',
};

function explainNote(note: string): string {
  return noteMeanings[note] ?? note;
}

async function playChapter({ platform, api, traffic, say }: Stage, push: Push): Promise<Chapter> {
  const before = { total: traffic.total(), errors: traffic.errors() };
  const pushedAt = performance.now();
  const event = { ...push, repository: 'demo/shop', message: 'A push of the demo', author: 'ada' };
  const runId = await sendPush({ url: platform.url, secret: platform.credentials.webhookSecret, push: event });
  const shown = await followRun({ api, runId, say });
  const why = await api.read<{ text: string }>(`/runs/${runId}/why`);
  say(`  → ${shown.overall.status}: ${shown.overall.reason}`);
  return {
    shown,
    why: why.text,
    seconds: (performance.now() - pushedAt) / 1000,
    users: { requests: traffic.total() - before.total, errors: traffic.errors() - before.errors },
    latest: traffic.latest(),
  };
}

async function keepUntilAsked({ platform, folder, say }: Stage): Promise<void> {
  say(`● The platform keeps running at ${platform.url}. Token of the API: ${platform.credentials.apiToken}`);
  say(`  orchestra runs --data ${join(folder, 'data')}; Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
