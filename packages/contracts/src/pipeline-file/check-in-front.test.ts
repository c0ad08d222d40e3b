import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

const head = 'project: {name: shop}\nbuild: {tool: docker, image: registry.example.com/shop}\n';

function parse(services: string, more = 'provider: kubernetes, namespace: shop') {
  return parsePipelineFile(`${head}deployment: {${more}, services: [${services}]}\n`);
}

describe('what shares the traffic of a service', () => {
  it('is a route or an Argo Rollout by its name; a Rollout may take as long as a step', () => {
    const parsed = parse('{name: web, port: 80, route: shop.example}, {name: api, port: 80, rollout: api}');

    expect(parsed).toMatchObject({
      ok: true,
      plan: {
        deployment: {
          services: [
            { route: 'shop.example', readyTimeoutMs: 30_000 },
            { rollout: 'api', readyTimeoutMs: 600_000 },
          ],
        },
      },
    });
  });

  it('leaves room for files and hooks beside an Argo Rollout', () => {
    const parsed = parse(
      '{name: web, port: 80, rollout: web, hooks: {pre: {command: ./migrate}}}',
      'provider: kubernetes, namespace: shop, manifests: k8s',
    );

    expect(parsed).toMatchObject({
      ok: true,
      plan: {
        deployment: {
          inputs: { kind: 'manifests', paths: ['k8s'] },
          services: [{ rollout: 'web', hooks: { pre: { command: ['sh', '-c', './migrate'] } } }],
        },
      },
    });
  });

  it.each([
    ['{name: a, port: 80, command: ./a, route: b}', 'provider: local', 'on this machine have no objects'],
    ['{name: a, port: 80, command: ./a, rollout: b}', 'provider: local', 'on this machine have no objects'],
    ['{name: a, port: 80, route: b, rollout: c}', undefined, 'shares its traffic by itself'],
    ['{name: a, port: 80, rollout: c, command: ./a}', undefined, 'by itself what its container runs'],
    ['{name: a, port: 80, rollout: c, env: {A: b}}', undefined, 'by itself what its container runs'],
    ['{name: a, port: 80, rollout: c}, {name: b, port: 80, rollout: c}', undefined, 'the same Argo Rollout'],
    ['{name: a, port: 80, route: A_b}', undefined, 'as names of objects are'],
  ])('refuses %s', (services, more, message) => {
    const parsed = parse(services, more);

    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.message)).toEqual([
      expect.stringContaining(message),
    ]);
  });
});
