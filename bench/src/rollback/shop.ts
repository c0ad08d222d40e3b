import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRepository, freePort, sendPush, type ApiClient } from '@orchestra/cli';

/** A small shop that is released again and again, and turns bad when it is told to. */
export interface Shop {
  /** Where its users reach it. */
  url: string;
  service: string;
  repository: string;
  /** Commits and pushes one more version. */
  push(platform: Reached): Promise<Pushed>;
}

/** One version on its way. */
export interface Pushed {
  version: string;
  runId: string;
}

interface Reached {
  api: ApiClient;
  secret: string;
}

interface MakeShop {
  /** Where its repository is made, and beside which others. */
  folder: string;
  service: string;
  /** The end of its pipeline file. */
  more: string;
}

const files = [join(import.meta.dirname, '../../turning-shop')];

/** Makes the repository of a shop, `bench/<service>`. */
export async function makeShop({ folder, service, more }: MakeShop): Promise<Shop> {
  const port = await freePort();
  const work = join(folder, 'work', service);
  const repository = `bench/${service}`;
  const path = join(folder, 'repositories', `${repository}.git`);
  const values = { SERVICE: service, PORT: String(port), MORE: more };
  const made = await createRepository({ folder: work, path, files, values });
  let versions = 0;
  return {
    url: `http://127.0.0.1:${port}`,
    service,
    repository,
    async push({ api, secret }) {
      versions += 1;
      const version = `v${versions}`;
      await writeFile(join(work, 'version.txt'), version);
      const { before, after } = await made.commit(`Release ${version}`);
      const push = { repository, before, after, message: `Release ${version}`, author: 'ada' };
      return { version, runId: await sendPush({ url: api.url, secret, push }) };
    },
  };
}
