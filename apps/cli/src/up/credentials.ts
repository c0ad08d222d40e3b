import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@orchestra/contracts';
import { z } from 'zod';

const credentialsShape = z.object({
  /** Token of the API, with the role admin. */
  apiToken: z.string().min(20),
  /** Secret of the webhooks. */
  webhookSecret: z.string().min(20),
  /** Token of `POST /trigger`. */
  triggerToken: z.string().min(20),
});

/** What the embedded form asks of its callers; made once for a data folder. */
export type Credentials = z.output<typeof credentialsShape>;

/** Reads the credentials of a data folder, or makes them, readable for its owner only. */
export async function ensureCredentials(folder: string): Promise<Credentials> {
  return (await findCredentials(folder)) ?? makeCredentials(folder);
}

/** The credentials of a data folder, or null when there are none. */
export async function findCredentials(folder: string): Promise<Credentials | null> {
  try {
    return credentialsShape.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

const token = (): string => randomBytes(24).toString('base64url');

async function makeCredentials(folder: string): Promise<Credentials> {
  const credentials = { apiToken: token(), webhookSecret: token(), triggerToken: token() };
  const draft = `${fileIn(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, fileIn(folder));
  return credentials;
}

function fileIn(folder: string): string {
  return join(folder, 'credentials.json');
}
