// Jest's global tear-down: stops what the set-up brought up.
export default async function tearDown() {
  await globalThis.stopNeighbours?.();
}
