import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureRenderers } from '@orchestra/testkit/neighbours';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packFolder } from '../../archive/index.ts';
import { createWorkspaces } from '../../sandbox/index.ts';
import { renderInputs, type InputFiles, type RenderRequest } from './render-inputs.ts';

const image = `registry.test/shop:v1@sha256:${'a'.repeat(64)}`;

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: web, image: registry.test/shop }] } } }
`;
const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { LEVEL: info }\n';

describe('rendering the files of a deployment', () => {
  let folder: string;
  let path: string;

  beforeAll(async () => {
    path = await ensureRenderers();
  }, 1_800_000);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orchestra-inputs-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function render(
    files: Record<string, string>,
    input: InputFiles,
    more: Partial<RenderRequest> = {},
    at = path,
  ) {
    const repository = join(folder, 'repository');
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(repository, name)), { recursive: true });
      await writeFile(join(repository, name), text);
    }
    const request = {
      files: input,
      overlays: {},
      namespaces: { production: 'shop' },
      images: [image],
      services: ['web'],
      rollouts: {},
      ...more,
    };
    const snapshot = packFolder(repository, { maxBytes: 1_000_000 });
    return renderInputs(request, { snapshot }, { scratch: createWorkspaces(join(folder, 'scratch')), path: at });
  }

  it('reads files and folders once, and lays over what an environment has otherwise', async () => {
    const files = {
      'deploy/web.yaml': deployment,
      'deploy/settings.yml': settings,
      'deploy/README.md': '# not an object',
      'deploy/production.d/level.yaml': settings.replace('info', 'warn'),
    };

    const { rendered, environments } = await render(
      files,
      { kind: 'manifests', paths: ['deploy'] },
      {
        overlays: { production: 'deploy/production.d/level.yaml' },
        namespaces: { staging: 'shop-staging', production: 'shop' },
      },
    );

    expect(rendered).toContain(image);
    expect(environments['staging']).toEqual({ text: rendered, replicas: {} });
    expect(environments['production']?.text).toBe(rendered.replace('info', 'warn'));
  });

  it('builds a kustomization, with its bases and generators', async () => {
    const files = {
      'k8s/base/kustomization.yaml': 'resources: [web.yaml]\n',
      'k8s/base/web.yaml': deployment,
      'k8s/top/kustomization.yaml':
        'resources: [../base]\nconfigMapGenerator: [{name: settings, literals: ["URL=https://shop.test"]}]\n',
    };

    const { rendered } = await render(files, { kind: 'kustomize', path: 'k8s/top' });

    expect(rendered).toMatch(/name: settings-\w+/);
    expect(rendered).toContain(image);
  });

  it.each([
    ['a page of this host', 'resources: ["http://localhost:6443/x"]', 'nothing is fetched'],
    ['a repository elsewhere', 'resources: ["git@github.com:a/b"]', 'nothing is fetched'],
    [
      'a file elsewhere for a generator',
      'configMapGenerator: [{name: a, files: ["k=http://x/y"]}]',
      'nothing is fetched',
    ],
    ['a plugin', 'transformers: [plugin.yaml]', 'plugins'],
    ['a chart', 'helmCharts: [{name: a, repo: "https://x"}]', 'plugins'],
    ['a folder outside', 'resources: [../../..]', 'A path is refused'],
  ])('refuses a kustomization with %s', async (_title, text, why) => {
    const rendering = render({ 'k8s/kustomization.yaml': text }, { kind: 'kustomize', path: 'k8s' });

    await expect(rendering).rejects.toMatchObject({ retriable: false, message: expect.stringMatching(why) });
  });

  it('renders a chart with its values, told the namespace of each environment', async () => {
    const files = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/values.yaml': 'level: info\n',
      'chart/templates/web.yaml': deployment.replace('name: web }', 'name: {{ .Release.Name }} }'),
      'chart/templates/settings.yaml': settings
        .replace('settings }', 'settings, namespace: {{ .Release.Namespace }} }')
        .replace('info', '{{ .Values.level }}'),
      'values.yaml': 'level: warn\n',
    };
    const input: InputFiles = { kind: 'helm', chart: 'chart', values: ['values.yaml'], release: 'web' };

    const { environments } = await render(files, input, { namespaces: { staging: 'one', production: 'two' } });

    expect(environments['staging']?.text).toContain('namespace: one');
    expect(environments['production']?.text).toContain('namespace: two');
    expect(environments['production']?.text).toContain('LEVEL: warn');
    expect(environments['production']?.text).toContain('name: web');
  });

  it('says what a renderer could not do', async () => {
    const files = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/templates/a.yaml': '{{ fail "no level" }}',
    };

    const rendering = render(files, { kind: 'helm', chart: 'chart', values: [], release: 'web' });

    await expect(rendering).rejects.toMatchObject({
      code: 'INPUTS_REFUSED',
      message: expect.stringContaining('no level'),
    });
  });

  it('says what to install where the program is missing', async () => {
    const rendering = render(
      { 'k8s/kustomization.yaml': 'resources: []\n' },
      { kind: 'kustomize', path: 'k8s' },
      {},
      '/nonexistent',
    );

    await expect(rendering).rejects.toMatchObject({
      code: 'COMMAND_NOT_FOUND',
      message: expect.stringContaining('https://kubectl.docs.kubernetes.io/installation/'),
    });
  });
});
