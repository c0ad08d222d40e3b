import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

const head = 'project: {name: shop}\nbuild: {tool: docker, image: registry.example.com/shop}\n';

function parse(deployment: string, before = head) {
  return parsePipelineFile(`${before}deployment: ${deployment}\n`);
}

function problemsOf(deployment: string, before = head): string[] {
  const parsed = parse(deployment, before);
  return parsed.ok ? [] : parsed.problems.map(({ path, message, suggestion }) => `${path}: ${message}. ${suggestion}`);
}

describe('a deployment to Kubernetes', () => {
  it('has a namespace and a port in each environment, and a container port; the image knows its command', () => {
    const parsed = parse(
      '{provider: kubernetes, namespace: {staging: shop-staging, production: shop}, environments: [staging, production], services: [{name: web, port: 80, replicas: 3}]}',
    );

    expect(parsed).toMatchObject({
      ok: true,
      plan: {
        deployment: {
          provider: 'kubernetes',
          namespaces: { staging: 'shop-staging', production: 'shop' },
          services: [
            { command: [], environmentPorts: { staging: 80, production: 80 }, containerPort: 8080, replicas: 3 },
          ],
        },
      },
    });
  });

  it('is understood in the older form, where a service names its place', () => {
    const parsed = parse('{namespace: shop, services: [{name: web, port: 80, runtime: kubernetes}]}');

    expect(parsed).toMatchObject({ ok: true, plan: { deployment: { provider: 'kubernetes' } } });
  });

  it('lets two services have the same port, for each has an address of its own', () => {
    const services = '[{name: web, port: 80}, {name: api, port: 80}]';

    expect(problemsOf(`{provider: kubernetes, namespace: shop, services: ${services}}`)).toEqual([]);
  });

  it.each([
    ['{provider: kubernetes, services: [{name: a, port: 1}]}', 'needs to know the namespace'],
    ['{provider: kubernetes, namespace: Shop, services: [{name: a, port: 1}]}', 'namespace'],
    [
      '{provider: kubernetes, namespace: shop, environments: [staging, production], services: [{name: a, port: 1}]}',
      'shares its namespace',
    ],
    [
      '{provider: kubernetes, namespace: {staging: shop}, environments: [staging, production], services: [{name: a, port: 1}]}',
      '`production` has no namespace',
    ],
    [
      '{provider: kubernetes, namespace: {produktion: shop}, services: [{name: a, port: 1}]}',
      'none of the environments',
    ],
    ['{provider: local, namespace: shop, services: [{name: a, port: 1, command: x}]}', 'have no namespace'],
    ['{services: [{name: a, port: 1, command: x, container_port: 8080}]}', 'in no container'],
    ['{services: [{name: a, port: 1, command: x, runtime: lambda}]}', 'functions are no target'],
    ['{services: [{name: a, port: 1, command: x, runtime: EC2}]}', 'orchestra up'],
    ['{services: [{name: a, port: 1, command: x, runtime: nomad}]}', '`nomad` is no target'],
    ['{provider: kubernetes, namespace: shop, services: [{name: a, port: 1, runtime: nomad}]}', 'remove `runtime`'],
  ])('refuses %s', (deployment, problem) => {
    expect(problemsOf(deployment).join('\n')).toContain(problem);
  });

  it('refuses a build that makes no image', () => {
    const deployment = '{provider: kubernetes, namespace: shop, services: [{name: a, port: 1}]}';

    const [problem] = problemsOf(deployment, 'project: {name: shop}\nbuild: {tool: npm}\n');

    expect(problem).toContain('tool: buildah');
  });
});
