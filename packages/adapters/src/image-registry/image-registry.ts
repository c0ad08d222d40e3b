import { z } from 'zod';
import { readCredentials } from './read-credentials.ts';
import { addressOf, readImageName, type ImageName } from './read-image-name.ts';

/** `unknown`: the registry did not say it, or could not be asked. */
export type ImageKnown = 'there' | 'gone' | 'unknown';

export interface RegistryOptions {
  /** Folder of the configuration of docker; null: no credentials. */
  dockerConfig: string | null;
  /** Registries that are asked without TLS, as `host:port`. */
  plainHosts: readonly string[];
  /** Longest time of one answer, with all that is asked for it. */
  limitMs: number;
}

/** Registries of container images (the distribution API, version 2). */
export interface ImageRegistry {
  /** Whether a registry still has what a digest names. Never throws: what is not known says so. */
  look(image: string, signal?: AbortSignal): Promise<ImageKnown>;
}

export function createImageRegistry(options: RegistryOptions): ImageRegistry {
  return {
    async look(image, signal) {
      const name = readImageName(image);
      if (name === null) return 'unknown';
      const limits = [AbortSignal.timeout(options.limitMs), ...(signal === undefined ? [] : [signal])];
      return ask(name, options, AbortSignal.any(limits)).catch(() => 'unknown' as const);
    },
  };
}

const manifests = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

async function ask(name: ImageName, options: RegistryOptions, signal: AbortSignal): Promise<ImageKnown> {
  const { host, repository, digest } = name;
  const isPlain = options.plainHosts.includes(host);
  const url = `${isPlain ? 'http' : 'https'}://${addressOf(host)}/v2/${repository}/manifests/${digest}`;
  const basic = await readCredentials(options.dockerConfig, host);
  const first = await head(url, null, signal);
  if (first.status !== 401) return knownBy(first.status);
  const challenge = first.headers.get('www-authenticate') ?? '';
  const authorization = await authorize(challenge, { basic, isPlain, name, signal });
  return authorization === null ? 'unknown' : knownBy((await head(url, authorization, signal)).status);
}

async function head(url: string, authorization: string | null, signal: AbortSignal): Promise<Response> {
  const headers = { accept: manifests, ...(authorization === null ? {} : { authorization }) };
  return fetch(url, { method: 'HEAD', headers, redirect: 'error', signal });
}

// 401 and 403 may hide what is there, and a limit says nothing.
function knownBy(status: number): ImageKnown {
  if (status === 200) return 'there';
  return status === 404 ? 'gone' : 'unknown';
}

interface Asking {
  basic: string | null;
  isPlain: boolean;
  name: ImageName;
  signal: AbortSignal;
}

/** What the registry wants to see; null: it cannot be had. */
async function authorize(challenge: string, asking: Asking): Promise<string | null> {
  const { basic } = asking;
  if (/^basic\b/i.test(challenge)) return basic === null ? null : `Basic ${basic}`;
  const url = /^bearer\b/i.test(challenge) ? tokenAddress(challenge, asking) : null;
  return url === null ? null : fetchToken(url, asking);
}

// Credentials go nowhere without TLS, unless the registry itself is on the list of those without.
function tokenAddress(challenge: string, { isPlain, name }: Asking): URL | null {
  const realm = /\brealm="([^"]+)"/.exec(challenge)?.[1];
  if (realm === undefined) return null;
  const url = new URL(realm);
  if (url.protocol !== 'https:' && !isPlain) return null;
  const service = /\bservice="([^"]+)"/.exec(challenge)?.[1];
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${name.repository}:pull`);
  return url;
}

const answer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

async function fetchToken(url: URL, { basic, signal }: Asking): Promise<string | null> {
  const headers = basic === null ? {} : { authorization: `Basic ${basic}` };
  const response = await fetch(url, { headers, redirect: 'error', signal });
  if (!response.ok) return null;
  const { token, access_token: access } = answer.parse(await response.json());
  const given = token ?? access;
  return given === undefined ? null : `Bearer ${given}`;
}
