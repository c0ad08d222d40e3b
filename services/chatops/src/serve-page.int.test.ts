import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startService, type StartedService } from '@orchestra/testkit';
import { portsForTests } from './ports-for-tests.fixture.ts';
import { createService } from './service.ts';

let started: StartedService;

beforeAll(async () => {
  started = await startService(createService(portsForTests()));
});

afterAll(() => started.close());

describe('the page', () => {
  it.each(['/', '/runs/some-run'])('is served at %s without a token, and holds nothing inline', async (path) => {
    const response = await fetch(started.url + path);
    const text = await response.text();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
  });

  it('serves every file that it needs, and nothing else', async () => {
    const names = await readdir(fileURLToPath(new URL('../page/', import.meta.url)));
    const answers = await Promise.all(names.map((name) => fetch(`${started.url}/page/${name}`)));
    const outside = await Promise.all(
      ['..%2fpackage.json', '%2e%2e/package.json', '', '.', 'none.js'].map((name) =>
        fetch(`${started.url}/page/${name}`),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect(outside.filter(({ status }) => status === 200)).toEqual([]);
  });

  it('never makes markup of what others wrote', async () => {
    const names = await readdir(fileURLToPath(new URL('../page/', import.meta.url)));
    const scripts = await Promise.all(
      names
        .filter((name) => name.endsWith('.js'))
        .map(async (name) => (await fetch(`${started.url}/page/${name}`)).text()),
    );

    expect(scripts.join('\n')).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/,
    );
  });
});
