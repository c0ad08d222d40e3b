import { isScalar, LineCounter, parseDocument, visit, type Document, type YAMLError, type YAMLMap } from 'yaml';
import type { Place } from './place.ts';
import { printable } from './remark.ts';

/** The largest pipeline file, in bytes of UTF-8. */
const largestFileBytes = 65_536;

/** A trouble of the text itself, found before its keys mean anything. */
export interface TextTrouble extends Place {
  message: string;
  suggestion: string | null;
}

/** A well-formed file: its tree with positions, and its value. */
export interface Source {
  document: Document;
  lines: LineCounter;
  value: unknown;
}

/**
 * Reads YAML 1.2 as strictly as it can be read: no aliases, tags, directives, merge keys, or second document,
 * and a warning of the parser refuses the file like an error.
 */
export function readYaml(text: string): Source | { troubles: readonly TextTrouble[] } {
  const size = Buffer.byteLength(text, 'utf8');
  if (size > largestFileBytes) return trouble(`The file has ${size} bytes; at most ${largestFileBytes} are read`, null);

  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const troubles = findTroubles(document, lines);
  if (troubles.length > 0) return { troubles };
  if (document.contents === null) return trouble('The file is empty', 'Begin with `project:` and, below it, `name:`.');
  return { document, lines, value: document.toJS({ maxAliasCount: 0 }) };
}

function trouble(message: string, suggestion: string | null): { troubles: TextTrouble[] } {
  return { troubles: [{ message, line: 1, column: 1, suggestion }] };
}

function findTroubles(document: Document, lines: LineCounter): TextTrouble[] {
  const refused = [...document.errors, ...document.warnings];
  // Where the nesting exhausts the parser, whatever else it says follows from that.
  const tooDeep = refused.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined) return [describeError(tooDeep, lines)];
  if (refused.length > 0) return refused.slice(0, maxTroubles).map((error) => describeError(error, lines));
  const { yaml } = document.directives ?? {};
  if (yaml?.explicit === true && yaml.version !== '1.2') {
    return [
      { line: 1, column: 1, message: 'Only YAML 1.2 is read', suggestion: 'Remove the line that begins with %YAML.' },
    ];
  }
  return findForbidden(document)
    .slice(0, maxTroubles)
    .map(({ offset, ...text }) => ({ ...placeAt(lines, offset), ...text }));
}

const maxTroubles = 100;

interface Forbidden {
  offset: number;
  message: string;
  suggestion: string;
}

function findForbidden(document: Document): Forbidden[] {
  const found: Forbidden[] = [];
  visit(document, {
    Alias: (_key, node) => {
      const suggestion = 'Write the value out where it is needed.';
      found.push({ offset: node.range?.[0] ?? 0, message: 'Aliases (`*name`) are not allowed', suggestion });
    },
    Map: (_key, node) => void found.push(...findForbiddenKeys(node)),
  });
  return found;
}

// The parser's own search for doubles compares each key with each other: seconds for a hostile file.
function findForbiddenKeys(map: YAMLMap): Forbidden[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }): Forbidden[] => {
    const name = isScalar(key) ? String(key.value) : '';
    const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    if (name === '__proto__')
      return [{ offset, message: 'No key may be called `__proto__`', suggestion: 'Remove it.' }];
    if (seen.has(name)) return [{ offset, message: 'This key stands here twice', suggestion: 'Keep one of the two.' }];
    seen.add(name);
    return [];
  });
}

const advice: Partial<Record<YAMLError['code'], { message: string; suggestion: string | null }>> = {
  RESOURCE_EXHAUSTION: { message: 'The file is nested too deeply', suggestion: null },
  TAB_AS_INDENT: { message: 'Tabs are not allowed as indentation', suggestion: 'Indent with blanks.' },
  MULTIPLE_DOCS: {
    message: 'The file has several documents',
    suggestion: 'Remove the line `---` and what follows it.',
  },
  TAG_RESOLVE_FAILED: { message: 'Tags (`!name`) are not allowed', suggestion: 'Write the plain value.' },
  NON_STRING_KEY: { message: 'A key must be a plain word', suggestion: null },
};

function describeError(error: YAMLError, lines: LineCounter): TextTrouble {
  const known = advice[error.code];
  return {
    ...placeAt(lines, error.pos[0]),
    message: known?.message ?? printable(error.message, 200),
    suggestion: known?.suggestion ?? null,
  };
}

/** The line and column of an offset into the text, from 1. */
export function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
