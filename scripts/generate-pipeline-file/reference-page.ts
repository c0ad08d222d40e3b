import type { SchemaNode } from '@orchestra/contracts';

/** The reference page of the pipeline file: one table a section, and the keys of older files at the end. */
export function renderReferencePage(tree: SchemaNode, source: string): string {
  const sections = Object.entries(tree.properties).filter(([, node]) => node.olderAdvice === null);
  return (
    [
      `<!-- ${source} -->`,
      '# The pipeline file',
      '`devops_orchestra.yaml` stands at the root of a repository and is read from the pushed commit. It has at most 64 KiB of YAML 1.2, without aliases, tags and further documents. ' +
        'Unknown keys are errors. Only `project` is required. `orchestra validate FILE` shows every problem at once, `orchestra validate --explain FILE` what each service will do. ' +
        'For completion in an editor, begin the file with `# yaml-language-server: $schema=` and the path or address of `schemas/devops_orchestra.schema.json`.',
      ...sections.flatMap(([name, node]) => renderSection(name, node)),
      ...renderOlder(tree),
    ].join('\n\n') + '\n'
  );
}

function renderSection(name: string, section: SchemaNode): string[] {
  const rows = listKeys(section, '').filter(({ isOlder, key }) => !isOlder && !key.endsWith('[]'));
  const table = [
    '| key | takes | default | |',
    '|---|---|---|---|',
    ...rows.map(
      ({ key, node }) =>
        `| \`${key}\` | ${renderKind(node)} | ${renderDefault(node)} | ${escapeCell(node.description ?? '')} |`,
    ),
  ];
  return [`## \`${name}\``, section.description ?? '', table.join('\n')];
}

function renderOlder(tree: SchemaNode): string[] {
  const rows = listKeys(tree, '').filter(({ node }) => node.olderAdvice !== null);
  const words = listKeys(tree, '').flatMap(({ key, node }) =>
    Object.entries(node.olderWords).map(([word, now]) => `| \`${key}: ${word}\` | Write \`${now}\`. |`),
  );
  const table = [
    '| key | now |',
    '|---|---|',
    ...rows.map(({ key, node }) => `| \`${key}\` | ${escapeCell(node.olderAdvice ?? '')} |`),
    ...words,
  ];
  return [
    '## Keys and words of older files',
    'They are understood, and `orchestra validate` says what to write now.',
    table.join('\n'),
  ];
}

interface KeyRow {
  key: string;
  node: SchemaNode;
  /** Whether it stands in something that only older files have. */
  isOlder: boolean;
}

function listKeys(node: SchemaNode, prefix: string, isOlder = false): KeyRow[] {
  const own = Object.entries(node.properties).flatMap(([name, child]) =>
    listForm(child, prefix === '' ? name : `${prefix}.${name}`, isOlder),
  );
  const elements = node.elements === null ? [] : listForm(node.elements, `${prefix}[]`, isOlder);
  const forms = node.alternatives.flatMap((form) =>
    form.olderAdvice === null && Object.keys(form.olderWords).length === 0
      ? listKeys(form, prefix, isOlder)
      : listForm(form, prefix, isOlder),
  );
  return [...own, ...elements, ...forms];
}

function listForm(node: SchemaNode, key: string, isOlder: boolean): KeyRow[] {
  const nowOlder = isOlder || node.olderAdvice !== null;
  return [{ key, node, isOlder: nowOlder }, ...listKeys(node, key, nowOlder)];
}

function renderKind(node: SchemaNode): string {
  if (node.words.length > 0) {
    const current = node.words.filter((word) => !Object.hasOwn(node.olderWords, word));
    return current.map((word) => `\`${word}\``).join(', ');
  }
  const forms = node.alternatives.filter(({ olderAdvice }) => olderAdvice === null);
  if (forms.length > 0) return [...new Set(forms.map((form) => renderKind(form)))].join(' or ');
  if (node.kind === 'array') return node.elements === null ? 'list' : `list of ${renderKind(node.elements)}`;
  return kinds[node.kind ?? ''] ?? node.kind ?? '';
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'map',
};

function renderDefault({ defaultValue }: SchemaNode): string {
  if (defaultValue === undefined || (typeof defaultValue === 'object' && !Array.isArray(defaultValue))) return '';
  return `\`${JSON.stringify(defaultValue)}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
