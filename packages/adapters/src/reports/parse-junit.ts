import type { Parsed } from './parsed.ts';
import { findAll, parseXml, type XmlElement } from './parse-xml.ts';
import { shorten, type TestCase, type TestReport } from './test-report.ts';

/**
 * Reads a JUnit report as the runners of all languages write it: suites may be nested, counts in attributes are not believed.
 * Surefire's `flakyFailure` is a case that failed and then passed.
 */
export function parseJunit(text: string): Parsed<TestReport> {
  const elements = parseXml(text);
  if (elements === null) return { ok: false, reason: 'it is no well-formed XML' };
  const root = elements.find(({ name }) => name === 'testsuites' || name === 'testsuite');
  if (root === undefined) return { ok: false, reason: 'it holds no test suites' };

  return { ok: true, value: { cases: [...findAll([root], 'testcase').map(readCase), ...suiteErrors(root)] } };
}

function readCase({ attributes, children }: XmlElement): TestCase {
  const { name = '', classname = '', file } = attributes;
  const title = classname === '' || classname === 'test' ? name : `${classname} › ${name}`;
  const status = statusOf(children);
  return {
    name: shorten(title),
    file: file ?? null,
    status,
    message: status === 'failed' ? messageOf(children) : null,
  };
}

function statusOf(children: readonly XmlElement[]): TestCase['status'] {
  const names = new Set(children.map(({ name }) => name));
  if (names.has('failure') || names.has('error')) return 'failed';
  if (names.has('skipped')) return 'skipped';
  return names.has('flakyFailure') || names.has('flakyError') ? 'flaky' : 'passed';
}

function messageOf(children: readonly XmlElement[]): string {
  const failure = children.find(({ name }) => name === 'failure' || name === 'error');
  return shorten([failure?.attributes['message'] ?? '', failure?.text.trim() ?? ''].filter(Boolean).join('\n'));
}

// A suite that could not even be loaded has an error and no cases.
function suiteErrors(root: XmlElement): TestCase[] {
  const suites = [root, ...allBelow(root)].filter(({ name }) => name === 'testsuite');
  const broken = suites.filter(({ children }) => children.some(({ name }) => name === 'error' || name === 'failure'));
  return broken.map(({ attributes, children }) => ({
    name: shorten(attributes['name'] ?? 'suite'),
    file: attributes['file'] ?? null,
    status: 'failed',
    message: messageOf(children),
  }));
}

function allBelow({ children }: XmlElement): XmlElement[] {
  return children.flatMap((child) => [child, ...allBelow(child)]);
}
