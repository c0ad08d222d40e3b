import { listRooms, type Rule } from './tree.ts';

/** Every room is built: the root's tsconfig.json refers to it. */
export const references: Rule = (tree) => {
  const text = tree.read('tsconfig.json');
  const missing = listRooms(tree).filter((room) => !text.includes(`"path": "${room}"`));
  return missing.map((room) => `tsconfig.json: does not refer to ${room}`);
};
