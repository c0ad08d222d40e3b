import type { Configuration } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { Client } from '../connect-cluster.ts';
import { orNull } from '../read-refusal.ts';
import { fieldManager } from '../target-names.ts';
import { createAskApi, type AskApi } from './ask-api.ts';
import type { ClusterObject } from './cluster-object.ts';

/** An object as a cluster gives it. */
export interface FoundObject {
  resourceVersion: string;
  annotations: Readonly<Record<string, string>>;
  /** Undefined: a kind that has none. */
  spec?: unknown;
}

/** Which object it is. */
export interface NamedObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string | undefined };
}

/** How an object is applied. `force`: also what others manage. */
export interface Applying {
  dryRun: boolean;
  force: boolean;
}

/**
 * Objects of any kind that a cluster knows, without a client's idea of their fields. Calls throw `INPUTS_REFUSED`, not
 * retriable, for a kind that it does not know or that is in no namespace, and as all of the API.
 */
export interface Objects {
  /** Null: there is none. */
  read(object: ClusterObject): Promise<FoundObject | null>;
  /** Server-side apply as `devops-orchestra`; fields that the cluster does not know are refused. */
  apply(object: ClusterObject, applying: Applying): Promise<void>;
  /** Answers the `uid` of what was made. */
  create(object: ClusterObject): Promise<string>;
  /** All of an object, with what the cluster has written; null: there is none. */
  readWhole(object: NamedObject): Promise<unknown>;
  /**
   * Writes a part of an object (JSON Merge Patch), if its `resourceVersion` is the one that the part names. Answers the
   * whole. `status`: its subresource of that name.
   */
  merge(object: NamedObject, part: object, subresource?: 'status'): Promise<unknown>;
}

/** What kinds a version of an API has, once it was asked. */
export type ApiResources = Map<string, readonly ApiResource[]>;

const listSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
type ApiResource = z.output<typeof listSchema>['resources'][number];

const foundSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.unknown().optional(),
});

/** @param resources what was learnt about kinds; filled as they are needed */
export function openObjects(client: Client, configuration: Configuration, resources: ApiResources): Objects {
  const ask = createAskApi(client, configuration);
  const pathOf = (object: NamedObject): Promise<string> => findPath(object, { ask, resources });

  return {
    async read(object) {
      const found = await orNull(ask({ method: 'GET', path: await pathOf(object) }));
      if (found === null) return null;
      const { metadata, spec } = foundSchema.parse(found);
      return { ...metadata, spec };
    },
    async apply(object, { dryRun, force }) {
      const tried = dryRun ? { dryRun: 'All' } : {};
      const query = { fieldManager, force: String(force), fieldValidation: 'Strict', ...tried };
      const type = 'application/apply-patch+yaml';
      await ask({ method: 'PATCH', path: await pathOf(object), query, type, body: object });
    },
    async create(object) {
      const path = (await pathOf(object)).split('/').slice(0, -1).join('/');
      const made = await ask({ method: 'POST', path, query: { fieldManager }, type: 'application/json', body: object });
      return foundSchema.parse(made).metadata.uid;
    },
    async readWhole(object) {
      return orNull(ask({ method: 'GET', path: await pathOf(object) }));
    },
    async merge(object, part, subresource) {
      const named = await pathOf(object);
      const path = subresource === undefined ? named : `${named}/${subresource}`;
      return ask({ method: 'PATCH', path, query: { fieldManager }, type: 'application/merge-patch+json', body: part });
    },
  };
}

interface Finding {
  ask: AskApi;
  resources: ApiResources;
}

async function findPath({ apiVersion, kind, metadata }: NamedObject, finding: Finding): Promise<string> {
  const resource = await findResource(finding, apiVersion, kind);
  const namespace = encodeURIComponent(metadata.namespace ?? '');
  return `${rootOf(apiVersion)}/namespaces/${namespace}/${resource.name}/${encodeURIComponent(metadata.name)}`;
}

async function findResource({ ask, resources }: Finding, apiVersion: string, kind: string): Promise<ApiResource> {
  const known = resources.get(apiVersion)?.find((one) => one.kind === kind);
  const found = known ?? (await learn({ ask, resources }, apiVersion)).find((one) => one.kind === kind);
  if (found === undefined) throw refused(`The cluster does not know ${kind} of ${apiVersion}`);
  if (!found.namespaced) throw refused(`A ${kind} is in no namespace, so it is not for a release to write`);
  return found;
}

async function learn({ ask, resources }: Finding, apiVersion: string): Promise<readonly ApiResource[]> {
  const answer = await orNull(ask({ method: 'GET', path: rootOf(apiVersion) }));
  const list = answer === null ? [] : listSchema.parse(answer).resources.filter(({ name }) => !name.includes('/'));
  resources.set(apiVersion, list);
  return list;
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function refused(message: string): OrchestraError {
  return new OrchestraError('INPUTS_REFUSED', message);
}
