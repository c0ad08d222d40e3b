import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeOpenai, type HttpFake } from '@orchestra/testkit';
import { settings } from '../config.ts';
import { composeRequest } from './compose-request.ts';
import { openProposing } from './open-proposing.ts';
import { judgeFiles } from './judge-files.ts';
import { renderPatch } from './render-patch.ts';

let server: HttpFake;
let workspace: string;

beforeEach(async () => {
  server = await startFakeOpenai();
  workspace = mkdtempSync(join(tmpdir(), 'open-proposing-'));
});
afterEach(async () => {
  rmSync(workspace, { recursive: true });
  await server.close();
});

function open() {
  const env = {
    OPENAI_API_KEY: 'key-of-the-house',
    OPENAI_MODEL: 'm',
    OPENAI_BASE_URL: `${server.url}/v1`,
    PATH: process.env['PATH'],
  };
  return openProposing({ ...settings.parse(env), passed: { CLOUD: 'value-of-the-cloud' } });
}

describe('openProposing', () => {
  it('takes a source to a patch that git would apply, and lets no secret out of the house', async () => {
    mkdirSync(join(workspace, 'src'));
    writeFileSync(join(workspace, 'package.json'), '{"name":"shop","a":"value-of-the-cloud","npmToken":"abc123"}');
    writeFileSync(join(workspace, '.env'), 'DB=only-here');
    symlinkSync('.env', join(workspace, 'go.mod'));
    writeFileSync(join(workspace, 'src/key-of-the-house.js'), 'only-here');
    const { model, lookAround, hide, checkPatch, listFiles } = open();
    if ('missing' in model) throw new Error('The settings name a model');
    const infrastructure = { tool: 'auto', path: 'infra', planTimeoutMs: 1, applyTimeoutMs: 1 } as const;

    expect(await listFiles(workspace, 'infra')).toEqual([]);
    const found = await lookAround(workspace);
    const request = composeRequest({ environment: 'production', infrastructure, deployment: null, found, hide });
    const files = await model.propose(request, new AbortController().signal);
    const decision = judgeFiles(files, request);

    expect(decision.kind).toBe('show');
    const patch = decision.kind === 'show' ? renderPatch(decision.files) : '';
    expect(await checkPatch(workspace, patch)).toEqual(['infra/main.tf']);
    expect(request.files).toEqual(['.env', 'package.json', 'src/[secret].js']);
    const sent = server.seen.map(({ body }) => body).join('');
    expect(sent).toContain('shop');
    for (const secret of ['key-of-the-house', 'value-of-the-cloud', 'abc123', 'only-here'])
      expect(sent).not.toContain(secret);
  });
});
