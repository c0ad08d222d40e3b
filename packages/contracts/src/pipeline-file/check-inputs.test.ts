import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

const head = 'project: {name: shop}\nbuild: {tool: docker, image: registry.example.com/shop}\n';
const cluster = 'provider: kubernetes, namespace: shop';

function parse(deployment: string, service = '') {
  const services = `[{name: web, port: 80${service}}]`;
  return parsePipelineFile(`${head}deployment: {${deployment}, services: ${services}}\n`);
}

describe('the files of a deployment', () => {
  it.each([
    ['manifests: deploy/web.yaml', { kind: 'manifests', paths: ['deploy/web.yaml'], overlays: {} }],
    ['manifests: [a.yaml, deploy]', { kind: 'manifests', paths: ['a.yaml', 'deploy'] }],
    ['kustomize: deploy/base', { kind: 'kustomize', path: 'deploy/base' }],
    ['helm: {chart: deploy/chart}', { kind: 'helm', chart: 'deploy/chart', values: [], release: 'web' }],
    ['helm: {chart: c, values: [v.yaml], release: shop}', { kind: 'helm', values: ['v.yaml'], release: 'shop' }],
    ['kustomize: k, overlays: {production: p.yaml}', { overlays: { production: 'p.yaml' } }],
  ])('are %s', (written, inputs) => {
    expect(parse(`${cluster}, ${written}`)).toMatchObject({ ok: true, plan: { deployment: { inputs } } });
  });

  it('are none by themselves, and then the number of pods is that of the file', () => {
    const parsed = parse(cluster);

    expect(parsed.ok && parsed.plan.deployment).not.toHaveProperty('inputs');
    expect(parsed).toMatchObject({ plan: { deployment: { services: [{ replicas: 1 }] } } });
  });

  it('say the number of pods where the pipeline file does not', () => {
    const silent = parse(`${cluster}, manifests: deploy`);
    const written = parse(`${cluster}, manifests: deploy`, ', replicas: 3');

    expect(silent).toMatchObject({ plan: { deployment: { services: [{ replicasOf: 'inputs' }] } } });
    expect(written.ok && written.plan.deployment?.services[0]).not.toHaveProperty('replicasOf');
  });

  it.each([
    [`${cluster}, manifests: a, kustomize: b`, 'cannot both say'],
    [`${cluster}, overlays: {production: a}`, 'nothing that this could be laid over'],
    [`${cluster}, manifests: a, overlays: {produktion: a}`, 'Did you mean `production`'],
    [`${cluster}, kustomize: ../elsewhere`, 'relative path inside'],
    ['provider: local, manifests: deploy', 'have no objects'],
  ])('refuse {%s}', (deployment, problem) => {
    const parsed = parse(deployment);

    const told = parsed.ok ? '' : parsed.problems.map(({ message, suggestion }) => `${message}. ${suggestion}`).join();
    expect(told).toContain(problem);
  });
});

describe('hooks of a service', () => {
  it('have a command and a time limit', () => {
    const parsed = parse(
      cluster,
      ', hooks: {pre: {command: npm run migrate, timeout_seconds: 60}, post: {command: [a, b]}}',
    );

    expect(parsed).toMatchObject({
      plan: {
        deployment: {
          services: [
            {
              hooks: {
                pre: { command: ['sh', '-c', 'npm run migrate'], timeoutMs: 60_000 },
                post: { command: ['a', 'b'], timeoutMs: 300_000 },
              },
            },
          ],
        },
      },
    });
  });

  it('are refused for processes of this machine', () => {
    const parsed = parse('provider: local', ', command: x, hooks: {pre: {command: y}}');

    expect(parsed).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('Jobs of a cluster') }] });
  });
});
