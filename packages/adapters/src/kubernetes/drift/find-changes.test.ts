import { describe, expect, it } from '@jest/globals';
import { nameTarget } from '../target-names.ts';
import { selectOne } from '../target-objects.ts';
import { findChanges } from './find-changes.ts';

const names = nameTarget('ada/shop/production/web', 'shop');
const image = `registry.test/shop@sha256:${'a'.repeat(64)}`;
const replicas = { 'f:spec': { 'f:replicas': {} } };
const time = new Date('2026-01-01T10:00:00Z');
const theirs = { manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: replicas, time };

function changesBy(...managedFields: object[]) {
  const spec = { selector: {}, template: { spec: { containers: [{ name: 'app', image }] } } };
  return findChanges({
    names,
    service: { spec: { selector: selectOne(names, 'r1') } },
    deployment: { name: 'web-1-r1', found: { metadata: { managedFields }, spec } },
    release: 'r1',
    image,
  });
}

describe('what others have written to a release', () => {
  it('is named with who wrote it and when, whichever way it was written', () => {
    const change = {
      object: 'Deployment web-1-r1',
      field: '.spec.replicas',
      manager: 'kubectl',
      at: time.toISOString(),
    };

    expect(changesBy({ ...theirs, subresource: 'scale' })).toEqual([change]);
  });

  it('is seen by its value where no manager is named', () => {
    const found = {
      spec: { selector: {}, template: { spec: { containers: [{ name: 'app', image: 'shop:latest' }] } } },
    };
    const service = { spec: { selector: selectOne(names, 'r0') } };

    const changes = findChanges({ names, service, deployment: { name: 'web-1-r1', found }, release: 'r1', image });

    expect(changes).toEqual([
      { object: 'Service web', field: '.spec.selector', manager: null, at: null },
      { object: 'Deployment web-1-r1', field: '.spec.template.spec.containers', manager: null, at: null },
    ]);
  });

  it.each([
    { what: 'a status', entries: [{ ...theirs, subresource: 'status' }] },
    { what: 'what an autoscaler does', entries: [{ ...theirs, manager: 'kube-controller-manager' }] },
    { what: 'what we have written', entries: [{ ...theirs, manager: 'devops-orchestra' }] },
    { what: 'the same as we have written', entries: [theirs, { ...theirs, manager: 'devops-orchestra' }] },
    { what: 'a label', entries: [{ ...theirs, fieldsV1: { 'f:metadata': { 'f:labels': { 'f:team': {} } } } }] },
  ])('is not $what', ({ entries }) => {
    expect(changesBy(...entries)).toEqual([]);
  });
});
