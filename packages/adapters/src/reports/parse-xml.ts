import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** One element in document order. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  // Entities of a DOCTYPE are not expanded: a small file could grow to gigabytes.
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** Parses XML that somebody else wrote; null: it is not well-formed. Only the five predefined and numeric entities are decoded. */
export function parseXml(text: string): XmlElement[] | null {
  try {
    if (XMLValidator.validate(text) !== true) return null;
    return readNodes(parser.parse(text)).elements;
  } catch {
    return null;
  }
}

/** All elements by a name, in any depth; an element inside of one that was found is not looked for. */
export function findAll(elements: readonly XmlElement[], name: string): XmlElement[] {
  return elements.flatMap((element) => (element.name === name ? [element] : findAll(element.children, name)));
}

type Node = Record<string, unknown>;

function readNodes(nodes: unknown): { elements: XmlElement[]; text: string } {
  const list = Array.isArray(nodes) ? (nodes as Node[]) : [];
  const texts = list.flatMap((node) => (typeof node['#text'] === 'string' ? [node['#text']] : []));
  return { elements: list.flatMap(readElement), text: decodeEntities(texts.join('')) };
}

function readElement(node: Node): XmlElement[] {
  const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
  if (name === undefined) return [];
  const { elements, text } = readNodes(node[name]);
  return [{ name, attributes: readAttributes(node[':@']), children: elements, text }];
}

function readAttributes(attributes: unknown): Record<string, string> {
  if (typeof attributes !== 'object' || attributes === null) return {};
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, decodeEntities(String(value))]));
}

const predefined: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#\d{1,7}|#x[\da-fA-F]{1,6}|\w{2,4});/g, decodeEntity);
}

function decodeEntity(entity: string): string {
  const name = entity.slice(1, -1);
  if (!name.startsWith('#')) return predefined[name] ?? entity;
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
