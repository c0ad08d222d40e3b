import { describe, expect, it } from '@jest/globals';
import { createProgress, readStream } from './create-progress.ts';

const creating = { '@level': 'info', '@message': 'a: Creating...', type: 'apply_start' };
const version = { '@level': 'info', '@message': 'Terraform 1.11.4', type: 'version' };
const failed = {
  '@level': 'error',
  '@message': 'Error: Unclosed block',
  type: 'diagnostic',
  diagnostic: { severity: 'error', summary: 'Unclosed block', detail: 'No brace', range: rangeAt('main.tf', 3) },
};

describe('createProgress', () => {
  it.each([
    ['a message of the stream', streamOf(creating), 'a: Creating...\n'],
    ['an error with its place', streamOf(failed), 'Error: Unclosed block\n  on main.tf line 3\nNo brace\n'],
    ['a message of a kind that it does not know', streamOf({ ...creating, type: 'new' }), 'a: Creating...\n'],
    ['what is no JSON', 'a warning of the CLI\n', 'a warning of the CLI\n'],
    ['an end without a newline', JSON.stringify(creating), 'a: Creating...\n'],
  ])('shows %s', (_what, stream, shown) => {
    expect(shownOf([stream])).toBe(shown);
    expect(shownOf(stream.split(''))).toBe(shown);
  });

  it.each([
    ['the version', streamOf(version)],
    ['half a line of JSON, which could hold anything', '{"@message": "hun\n'],
    ['JSON of another form', '{"value": 1}\n'],
  ])('leaves out %s', (_what, stream) => {
    expect(shownOf([stream])).toBe('');
  });
});

describe('readStream', () => {
  it('gives the errors in the words of the tool', () => {
    expect(readStream(streamOf(version, failed)).errors).toEqual([
      'Error: Unclosed block\n  on main.tf line 3\nNo brace',
    ]);
  });

  it('names what differs from what was recorded', () => {
    const drift = { '@message': 'a: Drift', type: 'resource_drift', change: { resource: { addr: 'a' } } };
    const outputs = {
      '@message': 'Outputs: 2',
      type: 'outputs',
      outputs: { b: actionOf('update'), c: actionOf('noop') },
    };

    expect(readStream(streamOf(drift, drift, outputs)).drifted).toEqual(['a', 'output b']);
  });
});

function streamOf(...said: readonly object[]): string {
  return said.map((one) => `${JSON.stringify(one)}\n`).join('');
}

function rangeAt(filename: string, line: number) {
  return { filename, start: { line, column: 1 } };
}

function actionOf(action: string) {
  return { sensitive: false, action };
}

function shownOf(pieces: readonly string[]): string {
  let shown = '';
  const progress = createProgress((line) => {
    shown += line;
  });
  for (const piece of pieces) progress.write(piece);
  progress.end();
  return shown;
}
