import { describe, expect, it } from '@jest/globals';
import { checkGitUrl, comparableGitUrl, type GitAllowance } from './git-url.ts';

const allowance: GitAllowance = { protocols: ['https', 'ssh'], hosts: ['github.com', 'git.example.com:8443'] };

describe('checkGitUrl', () => {
  it.each([
    ['https://github.com/acme/shop.git', 'https://github.com/acme/shop.git'],
    ['https://git.example.com:8443/acme/shop', 'https://git.example.com:8443/acme/shop'],
    ['ssh://git@github.com/acme/shop.git', 'ssh://git@github.com/acme/shop.git'],
    ['git@github.com:acme/shop.git', 'ssh://git@github.com/acme/shop.git'],
  ])('lets %s through', (text, expected) => {
    expect(checkGitUrl(text, allowance)).toBe(expected);
  });

  it.each([
    'ext::sh -c touch% /tmp/x',
    'ext::sh',
    '--upload-pack=touch x',
    '-x',
    'file:///srv/git/shop.git',
    '/srv/git/shop.git',
    'ssh://-oProxyCommand=touch/x',
    'ssh://git@-oProxyCommand=touch/x',
    'https://169.254.169.254/acme/shop.git',
    'https://localhost/acme/shop.git',
    'https://u:p@evil#@github.com/acme/shop.git',
    'https://user@github.com/acme/shop.git',
    'https://u:p@github.com/acme/shop.git',
    'https://github.com.evil.example/acme/shop.git',
    'https://github.com:444/acme/shop.git',
    'https://github.com/acme/shop.git?x=1',
    'https://github.com/acme/shop.git#x',
    'https://github.com/acme/--upload-pack=x',
    'https://github.com/--upload-pack=x',
    'https://github.com/acme/$(id)',
    'https://github.com/acme/shop.git\n',
    'http://github.com/acme/shop.git',
    'git://github.com/acme/shop.git',
    'github.com/acme/shop',
    '',
    `https://github.com/${'a'.repeat(2000)}`,
  ])('refuses %j', (text) => {
    expect(() => checkGitUrl(text, allowance)).toThrow(expect.objectContaining({ code: 'GIT_URL_REFUSED' }));
  });

  it.each(['file:///srv/git/shop.git', '/srv/git/shop.git'])('lets %s through where files are allowed', (text) => {
    expect(checkGitUrl(text, { protocols: ['file'], hosts: [] })).toBe('/srv/git/shop.git');
  });

  it.each(['file://host/srv/git', '/srv/-x'])('refuses %s even where files are allowed', (text) => {
    const judge = () => checkGitUrl(text, { protocols: ['file'], hosts: ['host'] });

    expect(judge).toThrow(expect.objectContaining({ code: 'GIT_URL_REFUSED' }));
  });
});

describe('comparableGitUrl', () => {
  it('is the same for all spellings of one place', () => {
    const spellings = [
      'https://github.com/acme/shop',
      'git@github.com:acme/shop.git',
      'ssh://git@github.com/acme/shop/',
    ];

    expect(new Set(spellings.map(comparableGitUrl))).toEqual(new Set(['github.com/acme/shop']));
  });

  it('is null for what is no clone URL', () => {
    expect(comparableGitUrl('acme/shop')).toBeNull();
  });
});
