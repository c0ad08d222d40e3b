import { describe, expect, it } from '@jest/globals';
import { explainRollback } from './explain-watch.ts';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function parse({ removal, infrastructure = '{path: infra}' }: { removal: string; infrastructure?: string | null }) {
  return parsePipelineFile(`project: {name: shop}
${infrastructure === null ? '' : `infrastructure: ${infrastructure}`}
deployment:
  environments: [{name: preview, ephemeral: true}, production]
  services: [{name: shop, command: node x, port: 1}]
rollback: {infrastructure: ${removal}}
`);
}

describe('rollback.infrastructure', () => {
  it('destroys in the environments that are marked as ephemeral, and says so', () => {
    const parsed = parse({ removal: '{preview: destroy, production: keep}' });

    expect(parsed).toMatchObject({ ok: true, plan: { rollback: { destroysIn: ['preview'] } } });
    expect(parsed.ok && parsed.plan.deployment?.environments).toEqual(['preview', 'production']);
    expect(parsed.ok ? explainRollback(parsed.plan) : '').toContain(
      'after it, plans to destroy the infrastructure of preview and asks a person',
    );
  });

  it('destroys nothing unless the file says so', () => {
    const parsed = parse({ removal: 'keep' });

    expect(parsed.ok && 'destroysIn' in parsed.plan.rollback).toBe(false);
  });

  it.each([
    ['destroy', 'Write `infrastructure: { preview: destroy }`'],
    ['{production: destroy}', 'write `{ name: production, ephemeral: true }` in `deployment.environments`'],
  ])('is refused for an environment that is not ephemeral, with what to write instead: %s', (removal, suggestion) => {
    expect(parse({ removal })).toMatchObject({
      ok: false,
      problems: [
        {
          message: expect.stringContaining('may not destroy the infrastructure of production'),
          suggestion: expect.stringContaining(suggestion),
        },
      ],
    });
  });

  it.each([
    ['an environment that there is not', { removal: '{previw: destroy}' }, 'none of the environments'],
    ['no infrastructure', { removal: '{preview: destroy}', infrastructure: null }, 'no infrastructure'],
    [
      'a policy that denies it',
      { removal: '{preview: destroy}', infrastructure: '{policy: {deny_destroy: true}}' },
      'deny_destroy',
    ],
  ])('is refused with %s', (_what, file, message) => {
    expect(parse(file)).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining(message) }] });
  });
});
