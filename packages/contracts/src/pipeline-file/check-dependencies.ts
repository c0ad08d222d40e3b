import { findCircle } from '../plan/release-group.ts';
import type { SoundSections } from './check-file.ts';
import type { Remark } from './remark.ts';
import { suggestWord } from './suggest.ts';

/** Services that depend on others that there are, and in no circle. */
export function checkDependencies({ deployment }: SoundSections): Remark[] {
  if (deployment === undefined) return [];
  const members = deployment.services.map(({ name, depends_on: dependsOn = [] }) => ({ name, dependsOn }));
  const names = members.map(({ name }) => name);
  const unknown = members.flatMap(({ dependsOn }, index) =>
    dependsOn.flatMap((other, place): Remark[] => {
      if (names.includes(other)) return [];
      const meant = suggestWord(other, names);
      const suggestion = meant === null ? `Write one of ${names.join(', ')}.` : `Did you mean \`${meant}\`?`;
      return [remark([index, 'depends_on', place], `There is no service \`${other}\``, suggestion)];
    }),
  );
  const circle = findCircle(members);
  const [first] = circle ?? [];
  if (circle === null || first === undefined) return unknown;
  const message = `Services depend on each other in a circle: ${[...circle, first].join(' → ')}`;
  const place = remark([names.indexOf(first), 'depends_on'], message, 'Take one of these dependencies out.');
  return [...unknown, place];
}

function remark(path: readonly (string | number)[], message: string, suggestion: string): Remark {
  return { path: ['deployment', 'services', ...path], at: 'value', message, suggestion };
}
