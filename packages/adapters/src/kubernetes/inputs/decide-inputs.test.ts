import { describe, expect, it } from '@jest/globals';
import { checkObjects, type AllowedObjects } from './check-objects.ts';
import { layOver } from './lay-over.ts';
import { ownObjects } from './own-objects.ts';
import { parseStream, renderStream } from './parse-stream.ts';
import { pinImages } from './pin-images.ts';

const image = `registry.test/shop:v1@sha256:${'a'.repeat(64)}`;

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      initContainers: [{ name: wait, image: registry.test/shop }]
      containers:
        - { name: web, image: 'registry.test/shop:latest', env: [{ name: LEVEL, value: info }] }
        - { name: proxy, image: envoy:1.30 }
`;
const settings = '\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { LEVEL: info }\n';

function object(kind: string, more = ''): string {
  return `\n---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: it }\n${more}`;
}

function pinned(text: string) {
  return pinImages(parseStream(text, 'test'), [image]);
}

describe('parseStream', () => {
  it('reads YAML as Kubernetes does, and writes what reads the same', () => {
    const text = `${settings}  \nimmutable: yes\nmode: 0644\nat: 2024-01-01\nclock: 12:30:00\nword: "no"\n`;

    const objects = parseStream(text, 'test');

    expect(objects).toMatchObject([{ immutable: true, mode: 420, at: '2024-01-01', clock: '12:30:00', word: 'no' }]);
    expect(parseStream(renderStream(objects), 'again')).toEqual(objects);
  });

  it('takes lists apart and leaves out what only a cluster writes', () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', uid: '1', resourceVersion: '2' },
      status: 1,
    };

    const objects = parseStream(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [map] }), 'test');

    expect(objects).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }]);
  });

  it.each([
    ['a: [', 'cannot be read'],
    ['kind: ConfigMap', 'metadata'],
    [
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'cannot be read',
    ],
  ])('refuses %j', (text, why) => {
    expect(() => parseStream(text, 'web.yaml')).toThrow(why);
  });
});

describe('pinImages', () => {
  it('gives what the build made its digest, whatever the tag, and tells of the images of others', () => {
    const { objects, unpinned } = pinned(deployment);

    expect(JSON.stringify(objects)).toContain(`"name":"web","image":"${image}"`);
    expect(JSON.stringify(objects)).toContain(`"name":"wait","image":"${image}"`);
    expect(unpinned).toEqual(['envoy:1.30']);
  });

  it('knows a port of a registry from a tag', () => {
    const own = `localhost:5000/shop@sha256:${'b'.repeat(64)}`;
    const pod =
      'apiVersion: v1\nkind: Thing\nmetadata: {name: a}\nspec: {containers: [{image: "localhost:5000/shop"}]}\n';

    expect(pinImages(parseStream(pod, 'test'), [own]).objects[0]).toMatchObject({
      spec: { containers: [{ image: own }] },
    });
  });
});

describe('layOver', () => {
  it('merges maps and named lists, takes away what is null, and keeps the rest', () => {
    const change = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: null
  template: { spec: { containers: [{ name: web, env: [{ name: LEVEL, value: warn }, { name: MORE, value: x }] }] } }
`;
    const [changed] = layOver(parseStream(deployment, 'base'), parseStream(change, 'overlay'));

    expect(changed).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'registry.test/shop:latest', env: [{ value: 'warn' }, { name: 'MORE' }] },
              { name: 'proxy' },
            ],
          },
        },
      },
    });
    expect(changed?.['spec']).not.toHaveProperty('selector');
  });

  it('refuses a change to an object that is not there', () => {
    expect(() => layOver(parseStream(deployment, 'base'), parseStream(settings, 'overlay'))).toThrow(
      'ConfigMap settings',
    );
  });
});

describe('ownObjects', () => {
  const services = ['web', 'api'];

  function owned(service: string, text: string, all = services) {
    const { template, front, others } = ownObjects(parseStream(text, 'test'), service, { services: all });
    return {
      template: template?.metadata.name,
      front: front?.metadata.name,
      others: others.map((one) => one.metadata.name),
    };
  }

  it('gives each object to one service: by label, by name, else to the first', () => {
    const front = '\n---\napiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {}';
    const rule = `\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules, labels: {devops-orchestra.io/service: api}}`;

    expect(owned('web', `${deployment}${settings}${front}${rule}`)).toEqual({
      template: 'web',
      front: undefined,
      others: ['settings'],
    });
    expect(owned('api', `${deployment}${settings}${front}${rule}`)).toEqual({
      template: undefined,
      front: 'api',
      others: ['rules'],
    });
  });

  it('takes the Rollout that a service is for its template, and leaves it its Services', () => {
    const rollout = deployment.replace('apps/v1', 'argoproj.io/v1alpha1').replace('Deployment', 'Rollout');
    const named = rollout.replace('metadata: { name: web }', 'metadata: { name: web-rollout }');
    const front = '\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {}';
    const objects = parseStream(`${named}${settings}${front}`, 'test');
    const of = { services: ['api', 'web'], rollouts: { web: 'web-rollout' } };

    const web = ownObjects(objects, 'web', of);

    expect(web).toMatchObject({ template: { kind: 'Rollout' }, front: null, others: [{ kind: 'Service' }] });
    expect(ownObjects(objects, 'api', of).others).toMatchObject([{ kind: 'ConfigMap' }]);
  });

  it('takes the only Deployment for the only service, for charts choose its name', () => {
    const named = deployment.replace('metadata: { name: web }', 'metadata: { name: web-chart }');

    expect(owned('web', named, ['web'])).toMatchObject({ template: 'web-chart' });
  });
});

describe('checkObjects', () => {
  const kinds = ['Deployment', 'Service', 'ConfigMap', 'HorizontalPodAutoscaler'];
  const allowed: AllowedObjects = { kinds, namespace: 'shop', services: ['web'], image };

  function problemsOf(text: string, more: Partial<AllowedObjects> = {}): string {
    return checkObjects(pinned(`${deployment}${text}`).objects, { ...allowed, ...more }).join('\n');
  }

  it('lets pass what the lists allow', () => {
    expect(problemsOf(settings)).toBe('');
    expect(problemsOf(settings.replace('settings }', 'settings, namespace: shop }'))).toBe('');
    expect(problemsOf(object('Service', 'spec: { clusterIP: None, selector: { app: web } }'))).toBe('');
    expect(problemsOf(object('Secret'), { kinds: [...kinds, 'Secret'] })).toBe('');
  });

  it.each([
    ['a Secret', object('Secret'), 'by other means'],
    ['a kind that is not on the list', object('ClusterRole'), 'ClusterRole it is refused: the installation'],
    ['a Job', object('Job'), '`hooks`'],
    [
      'another namespace',
      settings.replace('settings }', 'settings, namespace: kube-system }'),
      'kube-system, not shop',
    ],
    ['the same object twice', `${settings}${settings}`, 'twice'],
    [
      'a hook of Helm',
      settings.replace('settings }', 'settings, annotations: { helm.sh/hook: pre-install } }'),
      'hook of Helm',
    ],
    [
      'an autoscaler of a release',
      object('HorizontalPodAutoscaler', 'spec: { scaleTargetRef: { name: web } }'),
      '`replicas`',
    ],
    ['a Service past the shares', object('Service', 'spec: { selector: { app: web } }'), 'fullnameOverride: web'],
  ])('refuses %s, with what mends it', (_title, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('lets pass a Rollout that a service names, with its Services, and refuses another one', () => {
    const kind = deployment.replace('apps/v1', 'argoproj.io/v1alpha1').replace('Deployment', 'Rollout');
    const text = `\n---${kind}${object('Service', 'spec: { selector: { app: web } }')}`;
    const files = (services: Partial<AllowedObjects>) =>
      checkObjects(pinned(text).objects, { ...allowed, kinds: [...kinds, 'Rollout'], ...services }).join('\n');

    expect(files({ rollouts: { web: 'web' } })).toBe('');
    expect(files({ rollouts: { web: 'other' } })).toContain('Rollout web is not applied: name it in `rollout`');
    expect(files({ rollouts: { web: 'web' }, image: 'registry.test/other@sha256:c' })).toContain('No container of');
  });

  it('refuses a service without a Deployment, and one whose Deployment runs other images', () => {
    expect(problemsOf('', { services: ['web', 'api'] })).toContain('No Deployment belongs to the service api');
    expect(problemsOf('', { image: `registry.test/other@sha256:${'c'.repeat(64)}` })).toContain('registry.test/other`');
  });
});
