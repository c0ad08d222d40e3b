import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from '@orchestra/contracts';
import { composeRequest } from './compose-request.ts';

const parsed = parsePipelineFile(`
project: {name: shop, language: node}
infrastructure: {path: infra, proposal: true}
deployment:
  environments: [production]
  services: [{name: web, command: node server.js --key=hunter22, port: 8080, env: {DB: postgres-hunter22}}]
`);

function hide(text: string): string {
  return text.replaceAll('ssh-key', '[secret]');
}

function compose(found: Parameters<typeof composeRequest>[0]['found']) {
  if (!parsed.ok || parsed.plan.infrastructure === null) throw new Error('The file of this test is not sound');
  const { infrastructure, deployment } = parsed.plan;
  return composeRequest({ environment: 'production', infrastructure, deployment, found, hide });
}

describe('composeRequest', () => {
  it('tells names, ports and manifests, and neither commands nor variables', () => {
    const request = compose({
      files: ['package.json', 'keys/ssh-key.pem'],
      manifests: { 'package.json': '{"x":"ssh-key"}' },
    });

    expect(request).toEqual({
      tool: 'terraform',
      environment: 'production',
      folder: 'infra',
      deployment: {
        provider: 'local',
        strategy: expect.any(String),
        environments: ['production'],
        services: [{ name: 'web', port: 8080, replicas: expect.any(Number) }],
      },
      files: ['package.json', 'keys/[secret].pem'],
      manifests: { 'package.json': '{"x":"[secret]"}' },
    });
    expect(JSON.stringify(request)).not.toContain('hunter22');
  });

  it('is small, whatever the repository holds', () => {
    const files = Array.from({ length: 5_000 }, (_none, index) => `${index}`.padStart(120, 'x'));
    const manifests = { 'go.mod': 'x'.repeat(20_000), 'pom.xml': 'x'.repeat(20_000), 'Cargo.toml': 'x' };

    const request = compose({ files: ['y'.repeat(121), ...files], manifests });

    expect(request.files).toHaveLength(200);
    expect(Object.keys(request.manifests)).toEqual(['go.mod', 'Cargo.toml']);
    expect(JSON.stringify(request).length).toBeLessThan(60_000);
  });
});
