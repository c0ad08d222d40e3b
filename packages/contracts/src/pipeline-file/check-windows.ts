import type { SoundSections } from './check-file.ts';
import { repeated } from './repeated.ts';
import type { KeyPath, Remark } from './remark.ts';
import { resolveEnvironments } from './resolve-environments.ts';
import { resolveFreeze } from './resolve-windows.ts';

/** Windows of environments that there are, each once, that can open at all. */
export function checkWindows({ deployment, pipeline }: SoundSections): Remark[] {
  const windows = deployment?.windows;
  if (deployment === undefined || windows === undefined) return [];
  const environments = resolveEnvironments({ deployment, pipeline });
  const twice = repeated(windows.map(({ environment }) => environment)).map((index) =>
    remark([index, 'environment'], 'This environment has windows already', 'Write all of them in one place.'),
  );
  return [
    ...twice,
    ...windows.flatMap(({ environment, allow, freezes }, index) => [
      ...(environments.includes(environment) ? [] : [unknownEnvironment(index, environment, environments)]),
      ...allow.flatMap(({ from, until }, place) =>
        from === until
          ? [remark([index, 'allow', place], 'This window is empty', "For a whole day write '00:00' and '24:00'.")]
          : [],
      ),
      ...freezes.flatMap((freeze, place) => {
        const { from, until } = resolveFreeze(freeze);
        const message = `This freeze ends before it begins`;
        return from < until ? [] : [remark([index, 'freezes', place, 'until'], message, 'Write a later `until`.')];
      }),
    ]),
  ];
}

function unknownEnvironment(index: number, environment: string, environments: readonly string[]): Remark {
  const message = `\`${environment}\` is none of the environments ${environments.join(', ')}`;
  return remark([index, 'environment'], message, 'Write it into `environments`.');
}

function remark(path: KeyPath, message: string, suggestion: string): Remark {
  return { path: ['deployment', 'windows', ...path], at: 'value', message, suggestion };
}
