import { OrchestraError } from '@orchestra/runtime';

/**
 * Checks the address of a metrics server. It is the operator's setting, so it may be on the loopback or in a private network;
 * what no metrics server has is refused: another scheme, a user in the address, or a link-local host such as a cloud's metadata.
 * `URL` has turned every spelling of an address, such as `0xa9fea9fe`, into the usual one before that.
 *
 * @returns the address without a trailing slash
 * @throws OrchestraError `METRICS_REFUSED`, not retriable
 */
export function checkAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw refuse('The address of Prometheus is no URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse('Prometheus is asked over http or https only');
  if (url.username !== '' || url.password !== '') throw refuse('The address of Prometheus holds a user or a password');
  if (url.search !== '' || url.hash !== '') throw refuse('The address of Prometheus has a query or a fragment');
  if (isLinkLocal(url.hostname)) throw refuse('The address of Prometheus is link-local');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function isLinkLocal(host: string): boolean {
  if (host.startsWith('169.254.') || host === 'metadata.google.internal') return true;
  // fe80::/10, and 169.254.0.0/16 mapped into IPv6.
  return /^\[(?:fe[89ab]|::ffff:a9fe:)/.test(host);
}

function refuse(message: string): OrchestraError {
  return new OrchestraError('METRICS_REFUSED', message);
}
