import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ auths: z.record(z.string(), z.object({ auth: z.string().optional() })).default({}) });
const namesOfDockerHub = ['https://index.docker.io/v1/', 'index.docker.io'];

/** The value for `Authorization: Basic` of a registry, from the `config.json` of docker; null: it has none in plain form. */
export async function readCredentials(folder: string | null, host: string): Promise<string | null> {
  if (folder === null) return null;
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const parsed = schema.safeParse(parseOrNull(text));
  if (!parsed.success) return null;
  const auths = new Map(Object.entries(parsed.data.auths));
  const names = host === 'docker.io' ? [host, ...namesOfDockerHub] : [host, `https://${host}`];
  const found = names.map((name) => auths.get(name)?.auth).find((auth) => auth !== undefined && auth !== '');
  return found ?? null;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
