import { describe, expect, it } from '@jest/globals';
import * as build from '@orchestra/build';
import * as chatops from '@orchestra/chatops';
import * as codeAnalysis from '@orchestra/code-analysis';
import { serviceNames, type ServiceName } from '@orchestra/contracts';
import * as deploy from '@orchestra/deploy';
import * as gitops from '@orchestra/gitops';
import * as iac from '@orchestra/iac';
import * as observability from '@orchestra/observability';
import * as rollback from '@orchestra/rollback';
import { runtimeEnv } from '@orchestra/runtime';
import * as test from '@orchestra/test';
import { rendererModules } from '@orchestra/testkit/neighbours';
import type { z } from 'zod';
import { environmentOf, interpolate, listVariables, readComposeFile, readText } from './compose-file.ts';

const { services, networks } = readComposeFile();
const all = Object.entries(services);
const ours = all.filter(([, { image }]) => image.startsWith('devops-orchestra/'));
const lasting = all.filter(([name]) => name !== 'init');

const settings: Record<ServiceName, z.ZodObject> = {
  gitops: gitops.settings,
  build: build.settings,
  'code-analysis': codeAnalysis.settings,
  test: test.settings,
  iac: iac.settings,
  deploy: deploy.settings,
  observability: observability.settings,
  rollback: rollback.settings,
  chatops: chatops.settings,
};

// What people fill in; the rest of example.env is optional.
const filledIn = {
  GITHUB_WEBHOOK_SECRET: 'a secret of this test',
  REPOSITORIES: 'ada/shop',
  API_TOKENS: `ada:admin:${'0'.repeat(64)}`,
};

function namesIn(exampleFile: string): string[] {
  return [...exampleFile.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
}

/** All that compose.yaml takes from outside, by `${NAME}` or as a variable without a value. */
function takenFromOutside(): string[] {
  const bare = all.flatMap(([, { environment }]) =>
    Object.entries(environment).flatMap(([name, value]) => (value === null ? [name] : [])),
  );
  return [...new Set([...bare, ...listVariables(readText('compose.yaml')).map(({ name }) => name)])].toSorted();
}

describe('compose.yaml', () => {
  it.each(all)('restarts %s, limits it and takes all rights from it that it does not need', (_name, service) => {
    expect(service.restart).toMatch(/^(unless-stopped|on-failure:\d+)$/);
    expect(service.mem_limit).toMatch(/^(\d+[mg]|\$\{\w+:-\d+[mg]\})$/);
    expect(Number(service.pids_limit)).toBeGreaterThan(0);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toEqual([]);
    expect(service.privileged).toBe(false);
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  it.each(lasting)('asks %s for its health and gives it time to end', (_name, service) => {
    expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(service.stop_grace_period).toMatch(/^\d+s$/);
  });

  it.each(all)('pins the image of %s to a version', (_name, { image }) => {
    expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+$/);
  });

  it.each(ours)(
    'builds %s as this version from the one Dockerfile, without a root file system to write to',
    (name, service) => {
      const { version } = JSON.parse(readText('package.json'));
      const image = name === 'init' ? 'cli' : name === 'target' ? 'deploy' : name;

      expect(service.image).toBe(`devops-orchestra/${image}:${version}`);
      expect(service.read_only).toBe(true);
      expect(service.user).toBeUndefined();
      // The service deploy and its target are one image, built once.
      const built = { dockerfile: 'deploy/Dockerfile', args: { SERVICE: image } };
      expect(service.build).toEqual(name === 'deploy' ? undefined : built);
    },
  );

  it('loosens the sandbox of containers only where code of others runs', () => {
    const loosened = all.filter(([, { security_opt: options }]) => options.length > 1).map(([name]) => name);

    expect(loosened.toSorted()).toEqual(['build', 'code-analysis', 'iac', 'target', 'test']);
    for (const [, { security_opt: options }] of all) expect(options).not.toContain('seccomp:unconfined');
  });

  it('holds no secret: what is one comes from outside', () => {
    const secrets = all.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([name]) => /SECRET|TOKEN|PASSWORD|KEY|CREDENTIAL/.test(name)),
    );

    expect(secrets.length).toBeGreaterThan(0);
    for (const [, value] of secrets) expect(value ?? '').toMatch(/^(\$\{\w+:\?[^}]+\})?$/);
  });

  it.each(serviceNames)('sets for %s what it demands, and nothing that it does not know', (name) => {
    const service = services[name];
    if (service === undefined) throw new Error(`compose.yaml has no service ${name}`);
    const known = runtimeEnv.extend(settings[name].shape);

    const { success, error } = known.safeParse(environmentOf(service, filledIn));

    expect({ success, issues: error?.issues }).toEqual({ success: true, issues: undefined });
    expect([...Object.keys(known.shape), 'OTEL_EXPORTER_OTLP_ENDPOINT']).toEqual(
      expect.arrayContaining(Object.keys(service.environment)),
    );
  });

  it('refuses to start without what has to be filled in', () => {
    const required = listVariables(readText('compose.yaml')).filter((variable) => variable.required);

    expect([...new Set(required.map(({ name }) => name))].toSorted()).toEqual(Object.keys(filledIn).toSorted());
  });

  it('shares what the services share: the addresses, the artifacts, the logs', () => {
    for (const name of serviceNames) {
      expect(services[name]?.volumes).toEqual(
        expect.arrayContaining(['artifacts:/var/lib/orchestra/artifacts', 'logs:/var/lib/orchestra/logs']),
      );
    }
  });

  it('keeps two of rollback', () => {
    expect(services['rollback']?.deploy?.replicas).toBe(2);
  });

  it('keeps releases away from Kafka, registry and Redis, and those away from the world', () => {
    for (const name of ['kafka', 'registry', 'redis']) expect(services[name]?.networks).toEqual(['backbone']);
    expect(services['target']?.networks).not.toContain('backbone');
    expect(networks['backbone']?.internal).toBe(true);
    expect(networks['control']?.internal).toBe(true);
  });

  it('gives deploy and rollback a way out to what keeps flags only where that is set', () => {
    const way = String(networks['flags']?.internal);

    expect(interpolate(way, {})).toBe('true');
    expect(interpolate(way, { FLAGS_NETWORK_INTERNAL: 'false' })).toBe('false');
    expect(all.filter(([, service]) => service.networks.includes('flags')).map(([name]) => name)).toEqual([
      'deploy',
      'rollback',
    ]);
    for (const name of ['deploy', 'rollback']) expect(services[name]?.networks).not.toContain('outside');
  });

  it('opens doors on the loopback unless told otherwise', () => {
    const doors = all.filter(([, { ports }]) => ports.length > 0);

    expect(doors.map(([name]) => name).toSorted()).toEqual(['chatops', 'gitops', 'observability', 'target']);
    for (const [, { ports }] of doors)
      expect(ports.map((port) => interpolate(port, {}))).toEqual([
        expect.stringMatching(/^127\.0\.0\.1:[\d-]+:[\d-]+$/),
      ]);
  });
});

describe('deploy/Dockerfile', () => {
  const dockerfile = readText('deploy/Dockerfile');

  it('brings what deploy renders with, as the tests have it, and only where deploy is', () => {
    const built = [...dockerfile.matchAll(/go install .* (\S+@v[\d.]+)/g)].map(([, module = '']) => module);

    expect(built.toSorted()).toEqual(Object.values(rendererModules).toSorted());
    expect(dockerfile).toContain('if [ "${SERVICE}" = deploy ]; then cp /renderers/* /programs; fi');
    expect(dockerfile).toContain('COPY --from=service /programs /usr/local/bin');
  });

  it('pins what every stage begins with, and runs as an unprivileged user', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);

    expect(new Set(bases)).toEqual(new Set(['node:24-bookworm-slim', 'golang:1.26-bookworm', 'workspace']));
    expect(dockerfile.match(/^USER .*$/gm)).toEqual(['USER 10001:10001']);
  });
});

describe('deploy/example.env', () => {
  const example = readText('deploy/example.env');

  it('has every variable that compose.yaml takes from outside, and no other', () => {
    expect(namesIn(example).toSorted()).toEqual(takenFromOutside());
  });

  it('has no value where one is required', () => {
    const required = example.match(/^[A-Z_]+=.*$/gm) ?? [];

    expect(required.map((line) => line.replace(/=$/, '')).toSorted()).toEqual(Object.keys(filledIn).toSorted());
  });
});
