// A fresh clone has no times of earlier runs, so jest begins with the largest files, and one that takes minutes may be left for
// the end, alone. These begin; the others follow by size. Jest wants a class.
const takeLong = [
  'e2e/src/faults/single-replicas',
  'e2e/src/faults/broken-services',
  'e2e/src/release/on-kubernetes',
  'e2e/src/release/',
  'adapters/src/terraform/create-terraform',
  'adapters/src/kubernetes/',
  'adapters/src/local-target/local-target',
  'scripts/new-service',
  'services/test/src/run-tests',
];

export default class LongestFirst {
  sort(tests) {
    const weighed = [...tests].map((test) => ({ test, place: placeOf(test.path), size: sizeOf(test) }));
    return weighed.toSorted((a, b) => a.place - b.place || b.size - a.size).map(({ test }) => test);
  }

  allFailedTests(tests) {
    return tests;
  }

  shard(tests) {
    return tests;
  }

  async cacheResults() {}
}

function placeOf(path) {
  const place = takeLong.findIndex((part) => path.includes(part));
  return place === -1 ? takeLong.length : place;
}

function sizeOf({ path, context }) {
  return context.hasteFS.getSize(path) ?? 0;
}
