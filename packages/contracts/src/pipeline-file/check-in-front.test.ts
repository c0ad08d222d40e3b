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

  it.each([
    ['{name: a, port: 80, command: ./a, route: b}', 'provider: local', 'on this machine have no objects'],
    ['{name: a, port: 80, command: ./a, rollout: b}', 'provider: local', 'on this machine have no objects'],
    ['{name: a, port: 80, route: b, rollout: c}', undefined, 'shares its traffic by itself'],
    ['{name: a, port: 80, rollout: c, command: ./a}', undefined, 'gets an image and nothing else'],
    ['{name: a, port: 80, rollout: c, hooks: {pre: {command: ./a}}}', undefined, 'gets an image and nothing else'],
    ['{name: a, port: 80, rollout: c}', 'provider: kubernetes, namespace: shop, manifests: k8s', 'no other service'],
    ['{name: a, port: 80, rollout: c, env: {A: b}}', undefined, 'gets an image and nothing else'],
    ['{name: a, port: 80, rollout: c}, {name: b, port: 80, rollout: c}', undefined, 'the same Argo Rollout'],
    ['{name: a, port: 80, route: A_b}', undefined, 'as names of objects are'],
  ])('refuses %s', (services, more, message) => {
    const parsed = parse(services, more);

    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.message)).toEqual([
      expect.stringContaining(message),
    ]);
  });
});
