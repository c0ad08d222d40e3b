import { describe, expect, it } from '@jest/globals';
import { namespaceOf, renderNamespace } from './render-namespace.ts';

const named = { repository: 'acme/Web.Shop', environment: 'production', namespace: null };

describe('namespaceOf', () => {
  it.each([
    ['what the deployment names', { ...named, namespace: 'shop' }, 'shop'],
    ['repository and environment', named, 'web-shop-production'],
    [
      'the end of a name that is too long',
      { ...named, repository: `acme/${'x'.repeat(80)}` },
      `${'x'.repeat(52)}-production`,
    ],
  ])('is %s', (_what, given, name) => {
    expect(namespaceOf(given)).toBe(name);
  });
});

describe('renderNamespace', () => {
  it('has the namespace, its quota and nothing else', () => {
    const text = renderNamespace(named, { kind: 'namespace', cpu: 2.5, memoryBytes: 1024 ** 3, pods: 20 });

    expect(text.match(/^(resource|output|data|provider) .*/gm)).toEqual([
      'resource "kubernetes_namespace_v1" "environment" {',
      'resource "kubernetes_resource_quota_v1" "environment" {',
      'output "namespace" {',
    ]);
    expect(text).toContain('name = "web-shop-production"');
    expect(text).toContain('"requests.cpu"    = "2500m"');
    expect(text).toContain('"requests.memory" = "1073741824"');
    expect(text).toContain('"pods"            = "20"');
  });
});
