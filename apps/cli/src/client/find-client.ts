import { resolve } from 'node:path';
import { OrchestraError } from '@orchestra/contracts';
import { findAddress } from '../up/address.ts';
import { findCredentials } from '../up/credentials.ts';
import { createApiClient, type ApiClient } from './api-client.ts';

interface Where {
  /** ORCHESTRA_URL and ORCHESTRA_TOKEN come before the data folder. */
  environment: Readonly<Record<string, string | undefined>>;
  folder: string;
}

/**
 * The client for the platform that the caller means: the one that the environment names, or the one that runs on the data folder.
 *
 * @throws OrchestraError `SERVER_UNREACHABLE` when nothing runs there, `NOT_AUTHORIZED` without a token
 */
export async function findClient({ environment, folder }: Where): Promise<ApiClient> {
  const url = environment['ORCHESTRA_URL'] ?? (await findAddress(resolve(folder)))?.url;
  if (url === undefined) {
    throw new OrchestraError(
      'SERVER_UNREACHABLE',
      `Nothing runs on ${folder}: start \`orchestra up\`, or set ORCHESTRA_URL`,
    );
  }
  const token = environment['ORCHESTRA_TOKEN'] ?? (await findCredentials(resolve(folder)))?.apiToken;
  if (token === undefined) throw new OrchestraError('NOT_AUTHORIZED', `No token for ${url}: set ORCHESTRA_TOKEN`);
  return createApiClient({ url: url.replace(/\/+$/, ''), token });
}
