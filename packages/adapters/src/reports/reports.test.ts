import { describe, expect, it } from '@jest/globals';
import { mergeSarif, parseJestReport, parseJunit, parseSarif, readCoverage } from './index.ts';

describe('parseSarif', () => {
  it('reads rule, place, severity and message', () => {
    const result = {
      ruleId: 'no-eval',
      level: 'error',
      message: { text: 'eval is evil' },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'file:///workspace/src/a%20b.ts' }, region: { startLine: 7 } } },
      ],
    };

    expect(read([result])).toEqual([
      { tool: 'lint', rule: 'no-eval', path: 'src/a b.ts', line: 7, severity: 'error', message: 'eval is evil' },
    ]);
  });

  it.each([
    ['the level of its rule', { ruleIndex: 0 }, 'note'],
    ['a warning where nobody says', { ruleId: 'other' }, 'warning'],
    ['a warning for an unknown level', { ruleId: 'x', level: 'fatal' }, 'warning'],
  ])('takes %s', (_what, result, severity) => {
    expect(read([result])).toMatchObject([{ severity }]);
  });

  it('leaves out what passed, what is suppressed and what says none', () => {
    const results = [
      { kind: 'pass' },
      { suppressions: [{ kind: 'inSource' }] },
      { level: 'none' },
      { ruleId: 'stays' },
    ];

    expect(read(results)).toMatchObject([{ rule: 'stays' }]);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"runs":{}}',
    'not json',
    '{"runs":[{"tool":{"driver":{"rules":[null]}},"results":[{}]}]}',
  ])('refuses %j', (text) => {
    expect(parseSarif(text, '/workspace')).toMatchObject({ ok: false });
  });

  it.each(['{"runs":[null]}', '{"runs":[{"results":5}]}', '{"runs":[{"results":[null,1]}]}', '{"runs":[{}]}'])(
    'finds nothing in %j, and does not fall over it',
    (text) => {
      expect(parseSarif(text, '/workspace')).toMatchObject({ ok: true, value: { findings: [] } });
    },
  );
});

describe('mergeSarif', () => {
  it('keeps the runs of every log', () => {
    const merged = mergeSarif(['{"runs":[{"results":[]}]}', 'nonsense', '{"runs":[{"results":[{"ruleId":"x"}]}]}']);

    expect(parseSarif(merged, '/workspace')).toMatchObject({ ok: true, value: { findings: [{ rule: 'x' }] } });
  });
});

describe('parseJunit', () => {
  it('reads cases of nested suites with their failures', () => {
    const text = `<?xml version="1.0"?>
      <testsuites><testsuite name="a"><testsuite name="b">
        <testcase name="passes" classname="test" file="/workspace/a.test.js"/>
        <testcase name="fails" classname="math"><failure message="1 &lt; 2 &amp;&#10;so">stack</failure></testcase>
        <testcase name="skips"><skipped/></testcase>
        <testcase name="flakes"><flakyFailure message="once"/></testcase>
      </testsuite></testsuite></testsuites>`;

    const parsed = parseJunit(text);

    expect(parsed).toEqual({
      ok: true,
      value: {
        cases: [
          { name: 'passes', file: '/workspace/a.test.js', status: 'passed', message: null },
          { name: 'math › fails', file: null, status: 'failed', message: '1 < 2 &\nso\nstack' },
          { name: 'skips', file: null, status: 'skipped', message: null },
          { name: 'flakes', file: null, status: 'flaky', message: null },
        ],
      },
    });
  });

  it('counts a suite that could not be loaded as failed', () => {
    const text = '<testsuite name="broken"><error message="SyntaxError"/></testsuite>';

    expect(parseJunit(text)).toMatchObject({ value: { cases: [{ name: 'broken', status: 'failed' }] } });
  });

  it('does not expand the entities of a DOCTYPE', () => {
    const text =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>';

    expect(JSON.stringify(parseJunit(text))).not.toContain('aaaaaaaaaa');
  });

  it.each(['', 'text', '<testsuite>', '<other/>', '{}'])('refuses %j', (text) => {
    expect(parseJunit(text)).toMatchObject({ ok: false });
  });
});

describe('parseJestReport', () => {
  it('reads cases, and files that could not be run', () => {
    const text = JSON.stringify({
      testResults: [
        {
          name: '/workspace/a.test.js',
          status: 'failed',
          assertionResults: [
            { fullName: 'adds', status: 'passed' },
            { fullName: 'wobbles', status: 'passed', retryReasons: ['once'] },
            { fullName: 'divides', status: 'failed', failureMessages: ['by zero'] },
            { fullName: 'later', status: 'todo' },
            { fullName: 'new word', status: 'exploded' },
          ],
        },
        { name: '/workspace/b.test.js', status: 'failed', message: 'SyntaxError', assertionResults: [] },
      ],
    });

    const parsed = parseJestReport(text);

    expect(parsed.ok && parsed.value.cases.map(({ name, status }) => [name, status])).toEqual([
      ['adds', 'passed'],
      ['wobbles', 'flaky'],
      ['divides', 'failed'],
      ['later', 'skipped'],
      ['new word', 'failed'],
      ['/workspace/b.test.js', 'failed'],
    ]);
  });

  it.each(['', '[]', '{}', 'null', '{"testResults":1}'])('refuses %j', (text) => {
    expect(parseJestReport(text)).toMatchObject({ ok: false });
  });
});

describe('readCoverage', () => {
  it.each([
    ['lcov', 'TN:\nSF:a.js\nDA:1,1\nDA:2,0\nend_of_record\nSF:b.js\nDA:1,3\nDA:2,1\nend_of_record\n', 75],
    ['lcov with the same file twice', 'SF:a.js\nDA:1,0\nend_of_record\nSF:a.js\nDA:1,2\nend_of_record', 100],
    ['Cobertura', '<?xml version="1.0"?><coverage line-rate="0.505"><packages/></coverage>', 50.5],
  ])('reads %s', (_what, text, percent) => {
    expect(readCoverage(text)).toEqual({ ok: true, value: percent });
  });

  it.each(['', 'TN:\n', '<coverage/>', '<coverage line-rate="NaN"/>', '<coverage line-rate="2"/>'])(
    'refuses %j',
    (text) => {
      expect(readCoverage(text)).toMatchObject({ ok: false });
    },
  );
});

function read(results: object[]): unknown {
  const driver = { name: 'lint', rules: [{ id: 'quiet', defaultConfiguration: { level: 'note' } }] };
  const parsed = parseSarif(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results }] }), '/workspace');
  return parsed.ok ? parsed.value.findings : parsed.reason;
}
