import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '@orchestra/contracts';
import { compareConfiguration } from './compare-configuration.ts';
import { findFailingLines } from './find-failing-lines.ts';

const manifest: Manifest = {
  artifactDigest: 'sha256:1',
  command: ['node', 'main.mjs'],
  env: { COLOUR: 'red', API_TOKEN: 'old' },
  port: 80,
  replicas: 1,
  healthPath: '/',
  metricsPath: null,
  readyTimeoutMs: 1,
};

describe('compareConfiguration', () => {
  it('names what differs, and shows no secret', () => {
    const after = { ...manifest, replicas: 2, env: { SIZE: 'L', API_TOKEN: 'new' } };

    expect(compareConfiguration(manifest, after)).toEqual([
      { setting: 'env.API_TOKEN', before: '[secret]', after: '[secret]' },
      { setting: 'env.COLOUR', before: 'red', after: null },
      { setting: 'env.SIZE', before: null, after: 'L' },
      { setting: 'replicas', before: '1', after: '2' },
    ]);
    expect(compareConfiguration(manifest, manifest)).toEqual([]);
  });

  it('names what a release in a cluster has beside that: another image, other objects', () => {
    const container = { namespace: 'shop', image: 'shop@sha256:1', port: 8080, runId: 'run-1', commit: 'c' };
    const objects = { digest: 'sha256:o', rendered: 'sha256:r', services: ['web'] };
    const after = { ...manifest, container: { ...container, image: 'shop@sha256:2', objects } };

    expect(compareConfiguration({ ...manifest, container }, after)).toEqual([
      { setting: 'image', before: 'shop@sha256:1', after: 'shop@sha256:2' },
      { setting: 'objects', before: null, after: 'sha256:o' },
    ]);
  });
});

describe('findFailingLines', () => {
  it.each([
    { output: 'up\nError: one\nfine\nfatal: two\n', lines: ['Error: one', 'fatal: two'] },
    { output: 'up\nfine\n', lines: ['up', 'fine'] },
    { output: '', lines: [] },
  ])('finds $lines', ({ output, lines }) => {
    expect(findFailingLines(output)).toEqual(lines);
  });

  it('is bounded', () => {
    const found = findFailingLines(`error ${'x'.repeat(2_000)}\n`.repeat(100));

    expect(found).toHaveLength(20);
    expect(found[0]).toHaveLength(500);
  });
});
