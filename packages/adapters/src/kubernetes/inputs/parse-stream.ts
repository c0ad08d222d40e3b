import { OrchestraError } from '@orchestra/runtime';
import { parseAllDocuments, stringify, type Tags } from 'yaml';
import { listOf, mapOf, parseObject, type ClusterObject } from './cluster-object.ts';

// Kubernetes reads YAML 1.1: `0644` is octal and `yes` is true. Times and numbers with colons stay text there.
const textToKubernetes = /:(timestamp|binary|omap|pairs|set)$/;
const options = {
  version: '1.1',
  merge: true,
  customTags: (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag === 'string' || (!textToKubernetes.test(tag.tag) && tag.format !== 'TIME')),
} as const;

const maxAliases = 100;
const maxObjects = 500;

/**
 * Reads a stream of YAML or JSON documents as Kubernetes would. Lists are taken apart, empty documents left out.
 *
 * @param place names the stream in messages
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable
 */
export function parseStream(text: string, place: string): ClusterObject[] {
  const values = parseValues(text, place).flatMap(takeApart);
  if (values.length > maxObjects) {
    throw new OrchestraError('INPUTS_REFUSED', `${place} holds over ${maxObjects} objects`);
  }
  return values.map((value, index) => parseObject(value, `Object ${index + 1} of ${place}`));
}

/** Reads the documents of a stream, whatever they are. @throws OrchestraError `INPUTS_REFUSED`, not retriable */
export function parseValues(text: string, place: string): unknown[] {
  const documents = parseAllDocuments(text, options);
  const list = Array.isArray(documents) ? documents : [];
  return list
    .map((document) => {
      const [problem] = document.errors;
      if (problem !== undefined) throw unreadable(place, problem.message);
      try {
        return document.toJS({ maxAliasCount: maxAliases });
      } catch (error) {
        throw unreadable(place, error instanceof Error ? error.message : String(error));
      }
    })
    .filter((value) => value !== null && value !== undefined);
}

function takeApart(value: unknown): readonly unknown[] {
  const { kind, items } = mapOf(value);
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? listOf(items) : [value];
}

function unreadable(place: string, why: string): OrchestraError {
  return new OrchestraError('INPUTS_REFUSED', `${place} cannot be read: ${why.split('\n')[0] ?? ''}`);
}

/** Writes objects as one stream, the same for the same objects, so that its digest names them. */
export function renderStream(objects: readonly ClusterObject[]): string {
  return objects
    .map((object) => `---\n${stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })}`)
    .join('');
}
