import { z } from 'zod';
import { listRooms, type Rule } from './tree.ts';

const manifest = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** Rooms of one kind have the same scripts, word for word: who knows one knows all. */
export const equalScripts: Rule = (tree) => {
  const kinds = Map.groupBy(listRooms(tree), (room) => room.split('/')[0] ?? room);
  return [...kinds.values()].flatMap((rooms) => {
    const [first, ...rest] = rooms.map((room) => ({ room, scripts: readScripts(tree.read(`${room}/package.json`)) }));
    const others = rest.filter(({ scripts }) => scripts !== first?.scripts);
    return others.map(({ room }) => `${room}/package.json: its scripts differ from those of ${first?.room}`);
  });
};

function readScripts(text: string): string {
  const { scripts } = manifest.parse(JSON.parse(text));
  const names = Object.keys(scripts).toSorted();
  return names.map((name) => `${name}: ${scripts[name]}`).join('\n');
}
