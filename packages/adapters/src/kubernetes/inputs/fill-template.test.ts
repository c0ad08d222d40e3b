import { describe, expect, it } from '@jest/globals';
import { anImage } from '../a-cluster.fixture.ts';
import { describeHook, hookName } from '../hooks/describe-hook.ts';
import { describeDeployment } from '../target-objects.ts';
import { nameTarget } from '../target-names.ts';
import { parseObject } from './cluster-object.ts';
import { fillTemplate } from './fill-template.ts';

const names = nameTarget('ada/shop/production/web', 'shop');
const startable = anImage('r1', 'good', { env: { LEVEL: 'warn' } });
const { container } = startable;

function filled(main: object, { hasFront, spec = {} }: { hasFront: boolean; spec?: object } = { hasFront: false }) {
  const template = parseObject(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', annotations: { team: 'shop' } },
      spec: {
        paused: true,
        revisionHistoryLimit: 3,
        template: {
          spec: {
            ...spec,
            containers: [
              { name: 'proxy', image: 'envoy' },
              { image: container.image, ...main },
            ],
          },
        },
      },
    },
    'template',
  );
  const ours = describeDeployment({ names, startable, container, epoch: 3, replicas: 4 });
  return fillTemplate({ template, ours, container, hasFront });
}

function mainOf(object: object): unknown {
  return expect.objectContaining({
    spec: { containers: [{ name: 'proxy', image: 'envoy' }, expect.objectContaining(object)] },
  });
}

describe('fillTemplate', () => {
  it('keeps what the files say, and gives it the names, the size and the marks of a release', () => {
    const deployment = filled({ ports: [{ name: 'http', containerPort: 3000 }], resources: { limits: { cpu: 1 } } });

    expect(deployment).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^web-\w+-r1$/),
        annotations: { team: 'shop', 'devops-orchestra.io/epoch': '3' },
      },
      spec: { revisionHistoryLimit: 3, replicas: 4, template: mainOf({ resources: { limits: { cpu: 1 } } }) },
    });
    expect(deployment['spec']).not.toHaveProperty('paused');
  });

  it('lets the pipeline file have the last word about variables, and tells the port only to who names none', () => {
    const env = [
      { name: 'LEVEL', value: 'info' },
      { name: 'A', value: 'b' },
    ];
    const wanted = [
      { name: 'A', value: 'b' },
      { name: 'LEVEL', value: 'warn' },
    ];

    const named = filled({ env, ports: [{ name: 'http', containerPort: 3000 }] });
    const silent = filled({ env });

    expect(named).toMatchObject({ spec: { template: mainOf({ env: wanted }) } });
    expect(silent).toMatchObject({ spec: { template: mainOf({ env: [...wanted, { name: 'PORT', value: '8080' }] }) } });
  });

  it('adds a probe and a wait before the end only where there are none', () => {
    const probe = { exec: { command: ['true'] } };

    const own = filled({ readinessProbe: probe, lifecycle: { preStop: { sleep: { seconds: 9 } } } });
    const none = filled({ ports: [{ name: 'http', containerPort: 3000 }] });

    expect(own).toMatchObject({
      spec: { template: mainOf({ readinessProbe: probe, lifecycle: { preStop: { sleep: { seconds: 9 } } } }) },
    });
    expect(none).toMatchObject({
      spec: {
        template: mainOf({ readinessProbe: expect.objectContaining({ httpGet: { path: '/health', port: 'http' } }) }),
      },
    });
  });

  it.each([
    ['names the only port', [{ containerPort: 3000 }], [{ containerPort: 3000, name: 'http' }]],
    [
      'names the one of `container_port`',
      [{ containerPort: 9000 }, { containerPort: 8080 }],
      [{ containerPort: 9000 }, { containerPort: 8080, name: 'http' }],
    ],
    ['adds one where there is none', [], [{ name: 'http', containerPort: 8080, protocol: 'TCP' }]],
  ])('%s', (_title, ports, wanted) => {
    expect(filled({ ports })).toMatchObject({ spec: { template: mainOf({ ports: wanted }) } });
  });

  it('refuses ports of which none is meant, unless the files bring the Service', () => {
    const ports = [{ name: 'admin', containerPort: 9000 }];

    expect(() => filled({ ports })).toThrow('no port that is called http');
    expect(filled({ ports }, { hasFront: true })).toMatchObject({ spec: { template: mainOf({ ports }) } });
  });
});

describe('describeHook', () => {
  const hook = { when: 'pre' as const, command: ['migrate'], timeoutMs: 1500, runId: 'run-1', generation: 1 };

  it('runs another command in the container of the release, found by nothing that finds the release', () => {
    const workload = filled(
      { args: ['serve'], ports: [{ name: 'http', containerPort: 3000 }] },
      { hasFront: false, spec: { serviceAccountName: 'shop' } },
    );

    const job = describeHook({ names, hook, workload, release: 'r1', container });

    expect(job).toMatchObject({
      kind: 'Job',
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 2,
        template: {
          spec: {
            serviceAccountName: 'shop',
            restartPolicy: 'Never',
            containers: [{ image: container.image, command: ['migrate'] }],
          },
        },
      },
    });
    const text = JSON.stringify(job);
    for (const absent of ['devops-orchestra.io/target"', 'readinessProbe', 'containerPort', 'serve', 'proxy']) {
      expect(text).not.toContain(absent);
    }
  });

  it('has the same name for the same generation of a run, and another one for the next', () => {
    expect(hookName(names, hook)).toBe(hookName(names, { ...hook, command: ['other'] }));
    expect(hookName(names, hook)).not.toBe(hookName(names, { ...hook, generation: 2 }));
    expect(hookName(names, hook)).not.toBe(hookName(names, { ...hook, when: 'post' }));
  });
});
