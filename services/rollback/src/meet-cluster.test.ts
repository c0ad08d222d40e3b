import { describe, expect, it } from '@jest/globals';
import { settings } from './config.ts';
import { meetCluster } from './meet-cluster.ts';

describe('meetCluster', () => {
  it.each([
    ['no namespace is allowed', {}],
    ['there is no such kubeconfig', { KUBERNETES_NAMESPACES: 'shop', KUBECONFIG: '/nonexistent' }],
  ])('stands in nobody’s way when %s', async (_case, environment) => {
    await expect(meetCluster(settings.parse(environment))).resolves.toBeUndefined();
  });
});
