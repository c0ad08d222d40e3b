/** An image that a digest names, as its registry is asked for it. */
export interface ImageName {
  /** As the image names it, and as credentials do. */
  host: string;
  repository: string;
  digest: string;
}

const dockerHub = 'docker.io';

/** Takes `registry.example.com/team/shop:tag@sha256:…` apart; null: no digest names it. */
export function readImageName(image: string): ImageName | null {
  const [name = '', digest = ''] = image.split('@');
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) return null;
  const { host, path } = splitHost(name.replace(/:[^/:]*$/, ''));
  const repository = host === dockerHub && !path.includes('/') ? `library/${path}` : path;
  return /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(repository) ? { host, repository, digest } : null;
}

function splitHost(name: string): { host: string; path: string } {
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? { host: first, path: rest.join('/') } : { host: dockerHub, path: name };
}

/** Where the API of a registry is. */
export function addressOf(host: string): string {
  return host === dockerHub ? 'registry-1.docker.io' : host;
}
