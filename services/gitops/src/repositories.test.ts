import { describe, expect, it } from '@jest/globals';
import { findRepository, parseRepositoryEntry, resolveRepository, type RepositoryList } from './repositories.ts';

const list: RepositoryList = {
  entries: [
    { pattern: 'acme/shop', cloneUrl: 'file:///srv/git/shop.git' },
    { pattern: 'acme/site', cloneUrl: null },
    { pattern: 'tools/*', cloneUrl: null },
  ],
  template: 'https://github.com/{repository}.git',
};

describe('findRepository', () => {
  it.each([
    ['acme/shop', 'file:///srv/git/shop.git'],
    ['acme/site', 'https://github.com/acme/site.git'],
    ['tools/anything', 'https://github.com/tools/anything.git'],
  ])('clones %s from %s', (repository, cloneUrl) => {
    expect(findRepository(list, repository)).toEqual({ repository, cloneUrl });
  });

  it.each([
    'acme/other',
    'acme/shop.git',
    'ACME/shop',
    'acme/shop/../x',
    'tools/',
    'tools/..',
    'tools/a/b',
    'tools/-x',
    'tools/a b',
    'tools/{repository}',
    '',
    '../etc',
  ])('does not know %j', (name) => {
    expect(findRepository(list, name)).toBeNull();
  });
});

describe('resolveRepository', () => {
  it.each([
    ['acme/shop', 'acme/shop'],
    ['file:///srv/git/shop', 'acme/shop'],
    ['/srv/git/shop.git', 'acme/shop'],
    ['https://github.com/acme/site', 'acme/site'],
    ['git@github.com:acme/site.git', 'acme/site'],
    ['https://github.com/tools/drill.git', 'tools/drill'],
  ])('finds %j', (text, repository) => {
    expect(resolveRepository(list, text)?.repository).toBe(repository);
  });

  it.each([
    'https://evil.example/acme/site.git',
    'https://github.com/acme/shop.git',
    'https://evil.example/tools/drill.git',
    'https://github.com@evil.example/acme/site',
    'ext::sh -c id',
    'file:///etc',
  ])('does not know %j', (text) => {
    expect(resolveRepository(list, text)).toBeNull();
  });
});

describe('parseRepositoryEntry', () => {
  it.each(['acme', 'acme/', '*/x', '*', 'acme/*/x', '-a/b', 'acme/shop='])('refuses %j', (text) => {
    expect(parseRepositoryEntry(text)).toBeNull();
  });
});
