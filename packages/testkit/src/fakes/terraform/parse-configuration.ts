export type Value = string | number | boolean;

export type Expression =
  | { kind: 'value'; value: Value; isSensitive?: boolean }
  /** Hashed: `sha256` of it. */
  | { kind: 'reference'; path: string; isHashed?: boolean }
  | { kind: 'map'; of: Readonly<Record<string, Expression>> };

/** One block of a configuration, such as a resource. */
export interface Block {
  type: string;
  labels: readonly string[];
  line: number;
  attributes: Readonly<Record<string, Expression>>;
  blocks: readonly Block[];
}

interface Token {
  kind: 'text' | 'word' | 'mark';
  text: string;
  line: number;
}

const lexeme = /"((?:[^"\\]|\\.)*)"|([\w.-]+)|([{}=()])|\S/g;

/**
 * Reads the part of Terraform's language that the contract needs: blocks, attributes, plain values and references.
 *
 * @throws Error with the file and the line, as Terraform names them
 */
export function parseConfiguration(file: string, text: string): readonly Block[] {
  const tokens = listTokens(file, text);
  let next = 0;
  const { blocks, attributes } = readBody(null);
  if (Object.keys(attributes).length > 0) throw new Error(`Unsupported argument\n\n  on ${file} line 1`);
  return blocks;

  function readBody(owner: Token | null) {
    const body = { attributes: new Map<string, Expression>(), blocks: [] as Block[] };
    for (let name = tokens[next++]; name?.text !== '}'; name = tokens[next++]) {
      if (name === undefined && owner === null) break;
      if (name === undefined) throw at(owner, 'Unclosed configuration block');
      if (name.kind !== 'word') throw at(name, 'Argument or block definition required');
      if (tokens[next]?.text === '=') body.attributes.set(name.text, readExpression(name));
      else body.blocks.push(readBlock(name));
    }
    return { blocks: body.blocks, attributes: Object.fromEntries(body.attributes) };
  }

  function readExpression(name: Token): Expression {
    const token = tokens[next + 1];
    next += 2;
    if (token?.text === '{') return { kind: 'map', of: readBody(token).attributes };
    if (token === undefined || token.kind === 'mark') throw at(name, 'Invalid expression');
    if (token.text === 'sensitive') return readSensitive(name);
    if (token.text === 'sha256') return readHashed(name);
    return token.kind === 'text' ? { kind: 'value', value: token.text } : readWord(token.text);
  }

  function readSensitive(name: Token): Expression {
    const inner = tokens[next + 1];
    next += 3;
    if (inner?.kind !== 'text') throw at(name, 'Invalid function argument');
    return { kind: 'value', value: inner.text, isSensitive: true };
  }

  function readHashed(name: Token): Expression {
    const inner = tokens[next + 1];
    next += 3;
    if (inner?.kind !== 'word') throw at(name, 'Invalid function argument');
    return { kind: 'reference', path: inner.text, isHashed: true };
  }

  function readBlock(name: Token): Block {
    const labels: string[] = [];
    for (; tokens[next]?.kind === 'text'; next += 1) labels.push(tokens[next]?.text ?? '');
    if (tokens[next++]?.text !== '{') throw at(name, 'Invalid block definition');
    return { type: name.text, labels, line: name.line, ...readBody(name) };
  }

  function at(token: Token | null, message: string): Error {
    return new Error(`${message}\n\n  on ${file} line ${token?.line ?? 1}`);
  }
}

function readWord(word: string): Expression {
  if (word === 'true' || word === 'false') return { kind: 'value', value: word === 'true' };
  return /^\d+$/.test(word) ? { kind: 'value', value: Number(word) } : { kind: 'reference', path: word };
}

function listTokens(file: string, text: string): Token[] {
  const code = text.replaceAll(/#.*$/gm, '');
  return [...code.matchAll(lexeme)].map(({ 0: whole, 1: quoted, 2: word, 3: mark, index }): Token => {
    const line = code.slice(0, index).split('\n').length;
    if (quoted !== undefined) return { kind: 'text', text: unescape(whole), line };
    if (word !== undefined) return { kind: 'word', text: word, line };
    if (mark !== undefined) return { kind: 'mark', text: mark, line };
    throw new Error(`Invalid character\n\n  on ${file} line ${line}`);
  });
}

function unescape(quoted: string): string {
  return String(JSON.parse(quoted));
}
