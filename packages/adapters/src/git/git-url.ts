import { OrchestraError } from '@orchestra/runtime';

/** Which clone URLs the configuration lets git touch. */
export interface GitAllowance {
  protocols: readonly ('https' | 'ssh' | 'file')[];
  /** Host names in lower case, with a port where it is not the usual one: `git.example.com:8443`. */
  hosts: readonly string[];
}

const host = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/;
const path = /^\/[A-Za-z0-9._~%+@/-]+$/;
const sshUser = /^[a-z_][a-z0-9_-]{0,31}$/;
const scpForm =
  /^(?<user>[a-z_][a-z0-9_-]{0,31})@(?<host>[a-z0-9][a-z0-9.-]*):(?<path>[A-Za-z0-9._~+][A-Za-z0-9._~+/-]*)$/i;

/**
 * Checks a clone URL: https, ssh (also as `user@host:path`), or file (also as an absolute path), each only where allowed;
 * a listed host; no password, query, fragment or user but ssh's own.
 *
 * @returns the URL as git may have it
 * @throws OrchestraError `GIT_URL_REFUSED`, not retriable
 * @see CVE-2022-24433, CVE-2026-28292
 */
export function checkGitUrl(text: string, allowance: GitAllowance): string {
  const url = readGitUrl(text);
  if (url === null) throw refused('it is not a URL that can be cloned');

  const problem = judgeUrl(url, allowance);
  if (problem !== null) throw refused(problem);
  return url.protocol === 'file:' ? url.pathname : url.href;
}

function judgeUrl(url: URL, allowance: GitAllowance): string | null {
  if (!allowance.protocols.some((name) => `${name}:` === url.protocol)) return 'its protocol is not allowed';
  if (!path.test(url.pathname) || hasDots(url.pathname)) return 'its path has characters that are not allowed';
  if (url.search !== '' || url.hash !== '' || url.password !== '') return 'it holds more than a place';
  if (!allowsUser(url)) return 'it names a user';
  if (!allowsHost(url, allowance)) return 'its host is not allowed';
  return null;
}

/**
 * What two spellings of one place have in common: host and path, without protocol, user and `.git`. Null: no clone URL.
 */
export function comparableGitUrl(text: string): string | null {
  const url = readGitUrl(text);
  if (url === null) return null;
  return `${url.host}${url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`;
}

function readGitUrl(text: string): URL | null {
  if (text.length > 1024 || hasControl(text)) return null;
  if (text.startsWith('/')) return URL.parse(`file://${text}`);
  const scp = scpForm.exec(text)?.groups;
  if (scp) return URL.parse(`ssh://${scp['user']}@${scp['host']?.toLowerCase()}/${scp['path']}`);
  return /^(https|ssh|file):\/\//.test(text) ? URL.parse(text) : null;
}

function allowsUser({ protocol, username }: URL): boolean {
  return username === '' || (protocol === 'ssh:' && sshUser.test(username));
}

function allowsHost({ protocol, host: name }: URL, { hosts }: GitAllowance): boolean {
  if (protocol === 'file:') return name === '';
  return host.test(name) && hosts.includes(name.toLowerCase());
}

function hasDots(pathname: string): boolean {
  return pathname.split('/').some((part) => part === '..' || part.startsWith('-'));
}

// Spaces, line breaks and other control characters.
function hasControl(text: string): boolean {
  return /[\s\p{Cc}]/u.test(text);
}

function refused(why: string): OrchestraError {
  return new OrchestraError('GIT_URL_REFUSED', `The clone URL is refused: ${why}`);
}
