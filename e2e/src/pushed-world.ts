import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepository, sendPush } from '@orchestra/cli';
import type { RunState } from '@orchestra/contracts';
import * as gitops from '@orchestra/gitops';
import type { Backends } from '@orchestra/runtime';
import { startService, type StartedService } from '@orchestra/testkit';

/** The real gitops with a real repository on an embedded store; whoever else takes part is started on its backends. */
export interface PushedWorld {
  folder: string;
  backends(): Backends;
  /** Commits a pipeline file and tells of it as the forge does. Returns the run. */
  push(pipeline: string): Promise<string>;
  read(runId: string): Promise<RunState>;
  /** Closes everything, and opens it again on the same file. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const repository = 'acme/shop';
const secret = 'a secret';

export async function startPushedWorld(): Promise<PushedWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-pushed-'));
  let started = await startGitops(folder);
  return {
    folder,
    backends: () => started.backends,
    push: async (pipeline) => push({ folder, pipeline, url: started.url }),
    async read(runId) {
      const run = await started.backends.store.readRun(runId);
      if (run === null) throw new Error(`No run ${runId}`);
      return run;
    },
    async restart() {
      await started.close();
      started = await startGitops(folder);
    },
    async close() {
      await started.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startGitops(folder: string): Promise<StartedService> {
  const environment = {
    GITHUB_WEBHOOK_SECRET: secret,
    REPOSITORIES: `${repository}=file://${join(folder, 'shop.git')}`,
    GIT_PROTOCOLS: 'file',
    GITOPS_WORK_DIR: join(folder, 'work'),
    PATH: process.env['PATH'],
  };
  const service = gitops.createService(gitops.createPorts(gitops.settings.parse(environment)));
  return startService(service, join(folder, 'data'));
}

async function push({ folder, pipeline, url }: { folder: string; pipeline: string; url: string }): Promise<string> {
  const files = join(folder, 'files');
  await mkdir(files);
  await writeFile(join(files, 'devops_orchestra.yaml'), pipeline);
  const place = { folder: join(folder, 'copy'), path: join(folder, 'shop.git') };
  const made = await (await createRepository({ ...place, files: [files], values: {} })).commit('first');
  return sendPush({ url, secret, push: { repository, ...made, message: 'first', author: 'ada' } });
}
