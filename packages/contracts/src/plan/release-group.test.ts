import { describe, expect, it } from '@jest/globals';
import { findCircle, releaseGroup } from './release-group.ts';

const shop = [
  { name: 'web', dependsOn: ['api', 'search'] },
  { name: 'docs' },
  { name: 'api', dependsOn: ['database'] },
  { name: 'search' },
  { name: 'database' },
];

describe('the group of a service', () => {
  it.each(['web', 'api', 'search', 'database'])(
    'of %s is all that is connected with it, dependencies first',
    (name) => {
      expect(releaseGroup(shop, name)).toEqual(['search', 'database', 'api', 'web']);
    },
  );

  it('is the service alone where nothing depends on it', () => {
    expect(releaseGroup(shop, 'docs')).toEqual(['docs']);
  });
});

describe('a circle', () => {
  it('is found from the first service in it', () => {
    const services = [
      { name: 'web', dependsOn: ['api'] },
      { name: 'api', dependsOn: ['database'] },
      { name: 'database', dependsOn: ['api'] },
    ];

    expect(findCircle(services)).toEqual(['api', 'database']);
    expect(findCircle([{ name: 'a', dependsOn: ['a'] }])).toEqual(['a']);
  });

  it('is not what two ways to one service are', () => {
    expect(findCircle([...shop, { name: 'shell', dependsOn: ['web', 'api'] }])).toBeNull();
  });
});
